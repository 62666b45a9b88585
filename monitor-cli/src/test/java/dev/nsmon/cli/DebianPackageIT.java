package dev.nsmon.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The Debian package: installed by dpkg, run as the unit runs it, and removed. All of it happens
/// on a copy of this machine's files that lives in memory, in a mount namespace of its own.
class DebianPackageIT {
  private static final Path DEB = Path.of(System.getProperty("nsmon.deb")).toAbsolutePath();

  /// A root file system as it is, where every change is lost at the end.
  private static final String ROOM =
      """
      set -e
      mount -t tmpfs none $1
      mkdir $1/upper $1/work $1/root
      mount -t overlay -o lowerdir=/,upperdir=$1/upper,workdir=$1/work none $1/root || exit 77
      for d in proc sys dev; do mount --rbind /$d $1/root/$d; done
      mkdir -p $1/root/run/package
      mount --bind $2 $1/root/run/package
      exec chroot $1/root /bin/sh -e /run/package/script
      """;

  @TempDir private Path directory;

  @BeforeAll
  static void needs() {
    Needs.root();
    Needs.tool("dpkg");
    Needs.tool("adduser");
    Needs.tool("setpriv");
  }

  /// Runs a script where the package lies in its working directory.
  private Result inARoomOfItsOwn(String script) throws IOException {
    Path shared = Files.createDirectory(directory.resolve("shared"));
    Path room = Files.createDirectory(directory.resolve("room"));
    Files.createLink(shared.resolve("nsmon.deb"), link());
    Files.writeString(
        shared.resolve("script"), "cd /run/package\n" + script, StandardOpenOption.CREATE_NEW);
    Result result =
        Child.start("unshare", "-m", "sh", "-c", ROOM, "sh", "" + room, "" + shared).result();
    assumeTrue(result.code() != 77, "no overlay file system here: " + result.err());
    return result;
  }

  private Path link() throws IOException {
    return Files.copy(DEB, directory.resolve("copy.deb"));
  }

  @Test
  void isInstalledRunAndRemovedWithoutATrace() throws IOException {
    Result result =
        inARoomOfItsOwn(
            """
            export DEBIAN_FRONTEND=noninteractive
            find / -xdev -path /proc -prune -o -path /run -prune -o -path /var/lib/dpkg -prune \
              -o -path /var/log -prune -o -path /tmp -prune -o -print | sort > /run/before
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
            find / -xdev -path /proc -prune -o -path /run -prune -o -path /var/lib/dpkg -prune \
              -o -path /var/log -prune -o -path /tmp -prune -o -print | sort > /run/after
            diff /run/before /run/after || true
            """);
    result.endedWith(0);
    String out = result.out();
    assertTrue(out.contains("\nnsmon:x:"), result::toString);
    assertTrue(out.contains("/var/lib/nsmon:/usr/sbin/nologin"), result::toString);
    assertTrue(out.contains("{\"type\":"), result::toString);
    assertTrue(out.contains("\nTHIRD-PARTY.txt\n"), result::toString);
    assertTrue(out.contains("\nnsmon.cdx.json\n"), result::toString);
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
