package dev.nsmon.perf;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.nsmon.libc.Errno;
import dev.nsmon.libc.Libc;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Finds out whether the kernel would write a record for every fork, unshare and setns on the host
/// (`perf_event_open(2)`, `PERF_RECORD_NAMESPACES`, Linux 4.12), by opening one such event.
public final class PerfCheck {
  private static final int ATTR_SIZE = 128;
  private static final int PERF_TYPE_SOFTWARE = 1;
  private static final long PERF_COUNT_SW_DUMMY = 9;
  private static final long FLAG_DISABLED = 1;
  private static final long FLAG_NAMESPACES = 1L << 28;
  private static final long FD_CLOEXEC = 8;

  private PerfCheck() {}

  /// Empty if it works, else why not.
  public static String problem(Libc libc) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment attr = arena.allocate(ATTR_SIZE, 8);
      attr.set(JAVA_INT, 0, PERF_TYPE_SOFTWARE);
      attr.set(JAVA_INT, 4, ATTR_SIZE);
      attr.set(JAVA_LONG, 8, PERF_COUNT_SW_DUMMY);
      attr.set(JAVA_LONG, 40, FLAG_DISABLED | FLAG_NAMESPACES);
      int fd = libc.perfEventOpen(attr, -1, 0, -1, FD_CLOEXEC);
      if (fd < 0) {
        return "perf_event_open: " + Errno.name(-fd);
      }
      libc.close(fd);
      return "";
    }
  }
}
