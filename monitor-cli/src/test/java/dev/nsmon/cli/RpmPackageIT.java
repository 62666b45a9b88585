package dev.nsmon.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The RPM: installed by rpm on a copy of this machine's files, run and removed.
@Tag("full")
final class RpmPackageIT {
  private static final Path RPM = Nsmon.image().resolveSibling("nsmon.rpm");
  private static final Path FILTERS =
      Nsmon.image().resolve("../../../deploy/rpm/rpmlint.toml").normalize();

  @TempDir private Path directory;

  @BeforeAll
  static void needs() {
    Needs.tool("rpm");
    Needs.built(RPM);
  }

  private static List<String> query(String... what) {
    String[] command = new String[what.length + 3];
    System.arraycopy(new String[] {"rpm", "-qp"}, 0, command, 0, 2);
    System.arraycopy(what, 0, command, 2, what.length);
    command[what.length + 2] = RPM.toString();
    return Child.start(command).result().endedWith(0).lines();
  }

  @Test
  void hasWhatItShouldAndNeedsNothingButTheSystem() {
    List<String> files = query("-l");
    for (String file :
        List.of(
            "/usr/bin/nsmon",
            "/usr/lib/nsmon/runtime/bin/java",
            "/usr/lib/systemd/system/nsmon.service",
            "/usr/share/bash-completion/completions/nsmon",
            "/usr/share/man/man1/nsmon.1.gz",
            "/usr/share/doc/nsmon/README.md",
            "/usr/share/doc/nsmon/THIRD-PARTY.txt",
            "/usr/share/doc/nsmon/nsmon.cdx.json",
            "/usr/share/doc/nsmon/nsmon.yaml")) {
      assertTrue(files.contains(file), file);
    }
    boolean cached = Files.exists(Nsmon.image().resolve("nsmon.aot"));
    assertEquals(cached, files.contains("/usr/lib/nsmon/nsmon.aot"));
    assertEquals(List.of("/etc/sysconfig/nsmon"), query("-c"));
    assertEquals(
        List.of("/usr/sbin/groupadd", "/usr/sbin/useradd", "glibc >= 2.31"),
        query("--requires").stream()
            .filter(one -> !one.startsWith("rpmlib(") && !one.equals("/bin/sh"))
            .sorted()
            .toList());
    // What changed here is kept beside the new one, and nothing else may be changed.
    assertEquals(
        List.of("17 /etc/sysconfig/nsmon"),
        query("--qf", "[%{FILEFLAGS} %{FILENAMES}\\n]").stream()
            .filter(one -> !one.matches("[02] .*"))
            .toList());
    Result digests = Child.start("rpm", "-K", "-v", "" + RPM).result().endedWith(0);
    assertTrue(digests.out().contains("Payload SHA256 digest: OK"), digests::toString);
  }

  @Test
  void isInstalledRunAndRemovedWithoutATrace() throws IOException {
    Needs.root();
    Needs.tool("setpriv");
    Needs.tool("systemctl");
    Needs.tool("systemd-analyze");
    Needs.built(Nsmon.image().resolve("nsmon.aot"));
    CopiedRoot ran =
        CopiedRoot.run(
            directory,
            RPM,
            """
            mkdir -p /etc/sysconfig
            # The database of a system that is none of rpm's knows no glibc.
            rpm --dbpath /run/rpm --nodeps -i nsmon.rpm
            rpm --dbpath /run/rpm -V --nodeps nsmon
            getent passwd nsmon
            NSMON_JVM_OPTIONS=-XX:AOTMode=on nsmon --version
            nsmon list -o json | head -1
            systemctl enable nsmon.service
            systemd-analyze verify nsmon.service
            install -d -o nsmon /var/lib/nsmon
            . /etc/sysconfig/nsmon
            STATE_DIRECTORY=/var/lib/nsmon setpriv --reuid=nsmon --regid=nsmon --clear-groups \\
              --inh-caps=-all,+sys_ptrace --ambient-caps=-all,+sys_ptrace --bounding-set=-all,+sys_ptrace \\
              nsmon serve --source poll $NSMON_OPTIONS &
            until nsmon history -o json 2>/dev/null | grep -q '"synced"'; do sleep 0.2; done
            kill $!
            wait $! || echo ended with $?
            echo '# mine' >> /etc/sysconfig/nsmon
            rpm --dbpath /run/rpm --nodeps -e nsmon
            rm -r /var/lib/nsmon
            """);
    Result result = ran.result().endedWith(0);
    String out = result.out();
    assertTrue(out.contains("nsmon:x:"), result::toString);
    assertTrue(out.contains("/var/lib/nsmon:/usr/sbin/nologin"), result::toString);
    assertTrue(out.contains("{\"type\":"), result::toString);
    assertTrue(out.contains("ended with 143"), result::toString);
    List<String> traces = new ArrayList<>(ran.traces());
    traces.remove("> /etc/sysconfig"); // Where the script itself has made it.
    assertEquals(List.of("> /etc/sysconfig/nsmon.rpmsave"), traces);
  }

  @Test
  void rpmlintFindsNoFault() {
    Needs.tool("rpmlint");
    Result result =
        Child.start("rpmlint", "-c", "" + FILTERS, "" + RPM).result(Duration.ofMinutes(3));
    assertTrue(result.out().contains(" 0 errors, 0 warnings"), result::out);
  }
}
