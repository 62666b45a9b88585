package dev.nsmon.cli;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Runs commands as a user without any privilege.
final class Nobody {
  private static final List<String> NOBODY =
      List.of(
          "setpriv",
          "--reuid=65534",
          "--regid=65534",
          "--clear-groups",
          "--bounding-set=-all",
          "--inh-caps=-all");

  private final String program;

  /// @param directory where a copy of the image may lie that nobody can read
  Nobody(Path directory) throws IOException {
    Needs.root();
    Needs.tool("setpriv");
    Path found = Path.of(Nsmon.program());
    if (run("test", "-x", found.toString()).code() != 0) {
      Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
      Path copy = directory.resolve("nsmon");
      Child.start("cp", "-a", Nsmon.image().toString(), copy.toString()).result().endedWith(0);
      Child.start("chmod", "-R", "go+rX", copy.toString()).result().endedWith(0);
      found = copy.resolve("bin/nsmon");
    }
    program = found.toString();
    Result hello = run(program, "--version");
    assumeTrue(hello.code() == 0, "the image is out of reach for nobody: " + hello);
  }

  static ProcessBuilder command(String... command) {
    return Nsmon.command(Stream.concat(NOBODY.stream(), Stream.of(command)).toArray(String[]::new));
  }

  static Result run(String... command) {
    return Child.start(command(command)).result();
  }

  /// The image where nobody can read it.
  String program() {
    return program;
  }

  /// Runs nsmon.
  Result nsmon(String... args) {
    List<String> command = new ArrayList<>(List.of(program));
    command.addAll(List.of(args));
    return run(command.toArray(String[]::new));
  }
}
