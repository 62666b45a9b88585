package dev.nsmon.deploy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// What a tool said, and how it ended.
///
/// @param out what went to stdout and, where it failed, stderr
record Ran(int code, String out) {

  /// Skips the test where there is no such tool.
  static void needs(String tool) {
    boolean found =
        Stream.of(System.getenv("PATH").split(":", -1))
            .anyMatch(directory -> Files.isExecutable(Path.of(directory, tool)));
    assumeTrue(found, "there is no " + tool + " on this machine");
  }

  static Ran of(String... command) throws IOException, InterruptedException {
    return of(List.of(command));
  }

  static Ran of(List<String> command) throws IOException, InterruptedException {
    Path err = Files.createTempFile("err", ".txt");
    try {
      Process process = new ProcessBuilder(command).redirectError(err.toFile()).start();
      process.getOutputStream().close();
      String out = new String(process.getInputStream().readAllBytes(), UTF_8);
      int code = process.waitFor();
      return new Ran(code, code == 0 ? out : out + Files.readString(err));
    } finally {
      Files.delete(err);
    }
  }

  /// Fails unless it ended well, and shows what it said.
  Ran well() {
    if (code != 0) {
      throw new AssertionError("ended with " + code + ":\n" + out);
    }
    return this;
  }
}
