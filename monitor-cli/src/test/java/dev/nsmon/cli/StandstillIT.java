package dev.nsmon.cli;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/// A process whose files in `/proc` can't be read blocks the monitor. The monitor reports this with
/// the pid, and `/readyz` shows it.
@Tag("full")
@Isolated("it blocks everybody who reads /proc")
final class StandstillIT {
  /// Opens a file, to be closed by the kernel in `execve(2)`, and waits for a line before that.
  private static final String PROGRAM =
      """
      import os, sys
      held = os.open(sys.argv[1], os.O_RDWR | os.O_CLOEXEC)
      print('ready', flush=True)
      sys.stdin.readline()
      os.execvp('sleep', ['sleep', '300'])
      """;

  @TempDir private static Path directory;

  @BeforeAll
  static void needs() {
    Needs.root();
    for (String tool : new String[] {"bindfs", "python3", "curl", "timeout"}) {
      Needs.tool(tool);
    }
  }

  @Test
  void aProcessThatBlocksTheMonitorIsNamed() throws IOException {
    Path behind = Files.createDirectory(directory.resolve("behind"));
    Path disk = Files.createDirectory(directory.resolve("disk"));
    Files.createFile(behind.resolve("file"));
    Child server = Child.start("bindfs", "-f", behind.toString(), disk.toString());
    try {
      Child.eventually().until(() -> Nsmon.shell("mountpoint -q " + disk).code() == 0);
      try (Served serve = Served.start("--reconcile=1s");
          Child blocking = Child.start("python3", "-c", PROGRAM, disk.resolve("file").toString())) {
        blocking.awaitLine("ready"::equals);
        Child.eventually().until(() -> serve.ask("/readyz").contains("\"ready\":true"));
        server.signal("STOP");
        blocking.type("go");
        assumeTrue(
            isBlocked(blocking.pid()), "this kernel answers while it closes files in execve(2)");
        String words = "the last process that it opened is " + blocking.pid();
        Child.eventually()
            .until(() -> serve.child().err().contains("the monitor has been reading /proc"));
        assertTrue(serve.child().err().contains(words), serve.child()::err);
        String ready = serve.ask("/readyz");
        assertTrue(ready.contains("\"ready\":false"), ready);
        assertTrue(ready.contains("monitor: stalled: has been reading /proc"), ready);
        server.signal("CONT");
        Child.eventually()
            .until(() -> serve.child().err().contains("nsmon: the monitor goes on\n"));
        Child.eventually().until(() -> serve.ask("/readyz").contains("\"ready\":true"));
      }
    } finally {
      server.signal("CONT");
      Nsmon.shell("umount -l " + disk);
      server.close();
    }
  }

  /// Whether reading where it is lasts too long, as soon as it runs the other program.
  private static boolean isBlocked(int pid) {
    String link = "/proc/" + pid + "/ns/uts";
    try {
      Child.eventually()
          .atMost(Duration.ofSeconds(5))
          .until(
              () ->
                  Child.start("timeout", "-s", "KILL", "1", "readlink", link).result().code() != 0);
      return true;
    } catch (ConditionTimeoutException e) {
      return false;
    }
  }
}
