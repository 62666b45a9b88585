package dev.nsmon.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
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
    CopiedRoot ran =
        CopiedRoot.run(
            directory,
            DEB,
            """
            export DEBIAN_FRONTEND=noninteractive
            # A database of what the package depends on, as it is here, and of nothing else: no
            # triggers of others, and none of those who install something meanwhile.
            names=$(dpkg-deb -f nsmon.deb Depends Pre-Depends | sed 's/^[A-Z][^:]*://; s/([^)]*)//g; s/[,|]/ /g')
            cp /var/lib/dpkg/status /run/status
            mount -t tmpfs none /var/lib/dpkg
            mkdir /var/lib/dpkg/info /var/lib/dpkg/updates /var/lib/dpkg/triggers /var/lib/dpkg/parts
            awk -v RS= -v ORS='\n\n' -v names="$names" \
              'BEGIN { split(names, all, " "); for (i in all) is[all[i]] } $1 == "Package:" && $2 in is' \
              /run/status > /var/lib/dpkg/status
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
            """);
    Result result = ran.result().endedWith(0);
    String out = result.out();
    assertTrue(out.contains("\nnsmon:x:"), result::toString);
    assertTrue(out.contains("/var/lib/nsmon:/usr/sbin/nologin"), result::toString);
    assertTrue(out.contains("{\"type\":"), result::toString);
    assertTrue(out.contains("\nTHIRD-PARTY.txt\n"), result::toString);
    assertTrue(out.contains("\nnsmon.cdx.json\n"), result::toString);
    assertTrue(out.contains("\nnsmon.yaml\n"), result::toString);
    assertTrue(out.contains("ended with 143"), result::toString);
    assertEquals(List.of(), ran.traces());
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
