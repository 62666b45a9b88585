package dev.nsmon.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The Debian package: installed by dpkg, run as the unit runs it, and removed. All of it happens
/// on a copy of this machine's files.
@Tag("full")
class DebianPackageIT {
  private static final Path DEB = Path.of(System.getProperty("nsmon.deb")).toAbsolutePath();

  @TempDir private Path directory;

  @BeforeAll
  static void needs() {
    Needs.root();
    Needs.tool("dpkg");
    Needs.tool("adduser");
    Needs.tool("setpriv");
  }

  @Test
  void isInstalledRunAndRemovedWithoutATrace() throws IOException {
    Result result =
        CopiedRoot.run(
            directory,
            DEB,
            """
            export DEBIAN_FRONTEND=noninteractive
            list_files > /run/before
            dpkg -i nsmon.deb
            dpkg --verify nsmon
            getent passwd nsmon
            # Ends with an error unless the cache of classes fits the files as installed.
            NSMON_JVM_OPTIONS=-XX:AOTMode=on nsmon --version
            nsmon list -o json | head -1
            ls /usr/share/doc/nsmon
            systemctl enable nsmon.service
            install -d -o nsmon /var/lib/nsmon
            . /etc/default/nsmon
            STATE_DIRECTORY=/var/lib/nsmon setpriv --reuid=nsmon --regid=nsmon --clear-groups \
              --inh-caps=-all,+sys_ptrace --ambient-caps=-all,+sys_ptrace --bounding-set=-all,+sys_ptrace \
              nsmon serve --source poll $NSMON_OPTIONS &
            until nsmon history -o json 2>/dev/null | grep -q '"synced"'; do sleep 0.2; done
            kill $!
            wait $! || echo ended with $?
            dpkg --purge nsmon
            list_files > /run/after
            diff /run/before /run/after || true
            """);
    result.endedWith(0);
    String out = result.out();
    assertTrue(out.contains("\nnsmon:x:"), result::toString);
    assertTrue(out.contains("/var/lib/nsmon:/usr/sbin/nologin"), result::toString);
    assertTrue(out.contains("{\"type\":"), result::toString);
    assertTrue(out.contains("\nTHIRD-PARTY.txt\n"), result::toString);
    assertTrue(out.contains("\nnsmon.cdx.json\n"), result::toString);
    assertTrue(out.contains("\nnsmon.yaml\n"), result::toString);
    assertTrue(out.contains("ended with 143"), result::toString);
    assertEquals("", String.join("\n", out.lines().filter(l -> l.matches("[<>].*")).toList()));
  }

  @Test
  void lintianFindsNoFault() {
    Needs.tool("lintian");
    Result result =
        Child.start("lintian", "--fail-on", "error,warning", "" + DEB)
            .result(Duration.ofMinutes(3));
    assertEquals(0, result.code(), result::out);
    assertEquals("", result.out());
  }
}
