package dev.nsmon.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nsmon.testing.Output;
import dev.nsmon.testing.Ran;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// `deploy/nsmon` builds when a source is newer than what was built, and only then. On a checkout
/// of a few files, whose Maven only says that it was called.
class LauncherTest {
  private static final Instant BUILT = Instant.parse("2026-11-23T12:00:00Z");

  @TempDir private Path directory;
  private Path root;

  @BeforeEach
  void aCheckoutThatWasBuilt() throws IOException {
    root = directory.resolve("checkout");
    executable("bin/mvn", "echo called >\"$0.log\"");
    executable("checkout/deploy/nsmon", Deploy.read("nsmon").substring("#!/bin/sh\n".length()));
    executable("checkout/monitor-cli/target/nsmon/bin/nsmon", "echo \"runs $1\"");
    for (String file :
        new String[] {
          "pom.xml",
          "monitor-cli/pom.xml",
          "monitor-cli/src/main/java/A.java",
          "monitor-cli/src/main/page/index.html",
          "monitor-cli/src/main/page/src/page.ts",
          "monitor-cli/src/main/page/node_modules/tool/index.js"
        }) {
      Files.createDirectories(root.resolve(file).getParent());
      Files.createFile(root.resolve(file));
    }
    try (var files = Files.walk(root)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Files.setLastModifiedTime(file, FileTime.from(BUILT.minusSeconds(60)));
      }
    }
    Path stamp = Files.createFile(root.resolve("monitor-cli/target/nsmon/.built"));
    Files.setLastModifiedTime(stamp, FileTime.from(BUILT));
  }

  private void executable(String name, String script) throws IOException {
    Path file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, "#!/bin/sh\n" + script + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private void touch(String name) throws IOException {
    Files.setLastModifiedTime(root.resolve(name), FileTime.from(BUILT.plusSeconds(60)));
  }

  /// Whether it built.
  private boolean run() {
    ProcessBuilder builder = new ProcessBuilder(root.resolve("deploy/nsmon").toString(), "watch");
    builder.environment().merge("PATH", directory + "/bin:", (old, bin) -> bin + old);
    assertEquals("runs watch\n", Ran.of(builder, Output.PATIENCE).out());
    return Files.exists(directory.resolve("bin/mvn.log"));
  }

  @Test
  void whatWasBuiltIsRun() throws Exception {
    assertFalse(run());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "pom.xml",
        "monitor-cli/pom.xml",
        "monitor-cli/src/main/java/A.java",
        "monitor-cli/src/main/java",
        "monitor-cli/src/main/page/index.html",
        "monitor-cli/src/main/page/src/page.ts",
        "monitor-cli/src/main/page/src"
      })
  void whatIsNewerIsBuilt(String source) throws Exception {
    touch(source);
    assertTrue(run());
  }

  /// They come with the build.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "monitor-cli/src/main/page",
        "monitor-cli/src/main/page/node_modules",
        "monitor-cli/src/main/page/node_modules/tool/index.js"
      })
  void whatTheBuildItselfMakesIsNot(String made) throws Exception {
    touch(made);
    assertFalse(run());
  }
}
