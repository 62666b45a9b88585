package dev.nsmon.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.nsmon.testing.Output;
import dev.nsmon.testing.Ran;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
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
    executable("bin/mvn", "id -u >\"$0.log\"");
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

  private Ran ran(String... prefix) {
    List<String> command = new ArrayList<>(List.of(prefix));
    command.addAll(List.of(root.resolve("deploy/nsmon").toString(), "watch"));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().merge("PATH", directory + "/bin:", (old, bin) -> bin + old);
    return Ran.of(builder, Output.PATIENCE);
  }

  private void give(int uid) throws IOException {
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    Ran.of("chown", "-R", uid + ":" + uid, "" + root, directory + "/bin").well();
  }

  @Test
  void rootBuildsWhatAUserOwnsAsThatUser() throws Exception {
    assumeTrue(System.getProperty("user.name").equals("root"), "needs root");
    Ran.needs("setpriv");
    give(65_534);
    touch("pom.xml");
    assertEquals("runs watch\n", ran().out());
    assertEquals("65534\n", Files.readString(directory.resolve("bin/mvn.log")));
    assertEquals(65_534, Files.getAttribute(root.resolve("target/build.log"), "unix:uid"));
  }

  @Test
  void anOlderBuildIsRunWithAWordWhereTheSourcesCantBeBuilt() throws Exception {
    assumeTrue(System.getProperty("user.name").equals("root"), "needs root");
    Ran.needs("setpriv");
    give(65_534);
    touch("pom.xml");
    Ran other = ran("setpriv", "--reuid=65533", "--regid=65533", "--clear-groups", "--");
    assertEquals("runs watch\n", other.out());
    String said =
        "nsmon: runs an older build: its sources are newer, and %s cannot be written by user"
            + " 65533\n";
    assertEquals(said.formatted(root), other.err());
    assertFalse(Files.exists(directory.resolve("bin/mvn.log")));
    // What root has built there before is root's, and the owner can't build either.
    Ran.of("chown", "-R", "0:0", "" + root.resolve("monitor-cli/target")).well();
    Ran owned = ran();
    assertEquals("runs watch\n", owned.out());
    assertEquals(said.replace("65533", "65534").formatted(root), owned.err());
    assertFalse(Files.exists(directory.resolve("bin/mvn.log")));
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
