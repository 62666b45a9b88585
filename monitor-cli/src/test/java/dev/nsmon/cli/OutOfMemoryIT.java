package dev.nsmon.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// A monitor that runs out of memory ends, and the unit starts it again.
@Tag("full")
class OutOfMemoryIT {
  private static final int SIGKILL = 9;
  private static final Pattern STAYS_DOWN = Pattern.compile("RestartPreventExitStatus=(.*)");

  /// New uts namespaces, until it is ended.
  private static final String STORM =
      """
      import ctypes
      unshare = ctypes.CDLL(None).unshare
      while True:
          unshare(0x04000000)
      """;

  @Test
  void itEndsAndIsStartedAgain() throws IOException {
    Needs.root();
    Needs.tool("python3");
    ProcessBuilder builder = Nsmon.nsmon("serve", "--journal", "none", "--listen", "127.0.0.1:0");
    // The log alone may hold 16 MiB.
    builder.environment().put("NSMON_JVM_OPTIONS", "-Xmx16m");
    try (Child serve = Child.start(builder)) {
      Child.eventually().until(() -> serve.err().contains("source: "));
      try (Child _ = Child.start("python3", "-c", STORM)) {
        assertEquals(128 + SIGKILL, serve.result().code(), serve::err);
      }
      assertTrue(serve.err().contains("java.lang.OutOfMemoryError: "), serve::err);
      assertEquals("", serve.out(), "stdout is data");
    }
    String unit = Files.readString(Path.of("../deploy/systemd/nsmon.service"));
    assertTrue(unit.contains("\nRestart=on-failure\n"), unit);
    Matcher staysDown = STAYS_DOWN.matcher(unit);
    assertTrue(staysDown.find(), unit);
    List<String> codes = List.of(staysDown.group(1).split(" ", -1));
    assertFalse(codes.contains("SIGKILL") || codes.contains("" + ExitCode.FAILURE), unit);
  }
}
