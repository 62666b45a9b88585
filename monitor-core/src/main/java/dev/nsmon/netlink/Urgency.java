package dev.nsmon.netlink;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.nsmon.libc.Libc;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Raises the scheduling priority of the current thread. A process that an event names often exits
/// within half a millisecond. In that time two threads must be woken and run: the one that reads
/// the event and the one that reads the process. At normal priority they wait for the end of other
/// tasks' slices and miss one process in ten.
///
/// With CAP_SYS_NICE the thread becomes a real-time thread of the lowest priority (`sched(7)`). It
/// then preempts normal tasks, for which the kernel reserves a twentieth of the time.
/// `SCHED_RESET_ON_FORK` makes the threads it starts normal again. Without the capability, the
/// thread requests the shortest slice, so that its turn comes sooner (Linux 6.12); threads it
/// starts inherit the slice.
final class Urgency {
  private static final int SCHED_FIFO = 1;
  private static final int SCHED_RESET_ON_FORK = 0x40000000;
  private static final int LOWEST = 1;

  private static final long SLICE_NANOS = 100_000;

  private Urgency() {}

  static void ofThisThread() {
    Libc libc = new Libc();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment param = arena.allocate(JAVA_INT);
      param.set(JAVA_INT, 0, LOWEST);
      if (libc.schedSetscheduler(SCHED_FIFO | SCHED_RESET_ON_FORK, param) < 0) {
        libc.schedSetattr(attr(arena));
      }
    }
  }

  /// `struct sched_attr` (`linux/sched/types.h`), version 0. Before Linux 6.12 the kernel refuses
  /// or ignores the slice; both are harmless.
  private static MemorySegment attr(Arena arena) {
    MemorySegment attr = arena.allocate(48, Long.BYTES);
    attr.set(JAVA_INT, 0, (int) attr.byteSize());
    attr.set(JAVA_LONG, 24, SLICE_NANOS);
    return attr;
  }
}
