import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;

/// The linked Java runtime, as it describes itself.
///
/// @param source the address of its sources, or how they are named where they were built
record LinkedRuntime(String vendor, String version, String source, List<String> modules) {
  static final String LICENCE = "GPL-2.0-only WITH Classpath-exception-2.0";

  /// @param jdk what it was linked from
  static LinkedRuntime of(Path jdk, Path runtime) throws IOException {
    Properties from = release(jdk);
    List<String> modules =
        Stream.of(value(release(runtime), "MODULES").split(" ")).sorted().toList();
    return new LinkedRuntime(
        value(from, "IMPLEMENTOR"),
        value(from, "JAVA_RUNTIME_VERSION"),
        (value(from, "SOURCE_REPO") + " " + value(from, "SOURCE")).strip(),
        modules);
  }

  private static Properties release(Path home) throws IOException {
    Properties release = new Properties();
    try (InputStream in = Files.newInputStream(home.resolve("release"))) {
      release.load(in);
    }
    return release;
  }

  private static String value(Properties release, String name) {
    return release.getProperty(name, "").replace("\"", "");
  }
}
