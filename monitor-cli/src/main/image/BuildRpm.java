import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/// Makes `target/nsmon.rpm` of the image, by rpmbuild. Where there is none, the package is left out
/// and the build goes on.
final class BuildRpm {
  private BuildRpm() {}

  /// Takes the build directory of this module, the directory `deploy`, the version, and what is
  /// written down as the time of the build.
  public static void main(String[] args) throws IOException, InterruptedException {
    Path target = Path.of(args[0]);
    Path deploy = Path.of(args[1]).toRealPath();
    Path top = target.resolve("rpm");
    Path rpm = target.resolve("nsmon.rpm");
    delete(top);
    Files.deleteIfExists(rpm);
    if (!isOnPath("rpmbuild")) {
      System.err.println("[WARNING] there is no RPM: rpmbuild was not found; install rpm");
      return;
    }
    ProcessBuilder rpmbuild =
        new ProcessBuilder(
            "rpmbuild",
            "-bb",
            "--quiet",
            "--define=_topdir " + Files.createDirectory(top),
            "--define=nsmon_image " + target.resolve("nsmon"),
            "--define=nsmon_deploy " + deploy,
            // What follows a tilde comes before what is released; a hyphen may not be in it.
            "--define=nsmon_version " + args[2].replace('-', '~').toLowerCase(Locale.ROOT),
            deploy.resolve("rpm/nsmon.spec").toString());
    rpmbuild.environment().put("SOURCE_DATE_EPOCH", "" + Instant.parse(args[3]).getEpochSecond());
    Process process =
        rpmbuild.redirectErrorStream(true).redirectInput(Path.of("/dev/null").toFile()).start();
    String said = new String(process.getInputStream().readAllBytes());
    if (process.waitFor() != 0) {
      System.err.println(said);
      throw new IllegalStateException("rpmbuild failed with status " + process.exitValue());
    }
    try (Stream<Path> made = Files.walk(top.resolve("RPMS"))) {
      List<Path> one = made.filter(file -> file.toString().endsWith(".rpm")).toList();
      Files.move(one.getFirst(), rpm, StandardCopyOption.REPLACE_EXISTING);
    }
    delete(top);
  }

  private static boolean isOnPath(String name) {
    return Stream.of(System.getenv("PATH").split(":"))
        .anyMatch(directory -> Files.isExecutable(Path.of(directory, name)));
  }

  private static void delete(Path root) throws IOException {
    if (Files.exists(root)) {
      try (Stream<Path> tree = Files.walk(root)) {
        for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
  }
}
