package dev.nsmon.netlink;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.nsmon.libc.Libc;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Has the kernel run a thread as soon as it can be run. An event of the proc connector names a
/// process that is often over half a millisecond later; two threads, the one that reads the event
/// and the one that looks at the process, must be woken and run in that time. As ordinary threads
/// they wait for whoever has the processor to use up its slice, and miss one in ten.
///
/// With CAP_SYS_NICE it is a real-time thread of the lowest priority (`sched(7)`): it does not wait
/// for ordinary ones, and the kernel leaves those a twentieth of the time whatever happens.
/// Without, it is one that asks for the shortest slice there is, whose turn comes sooner (Linux
/// 6.12). What it starts itself is ordinary.
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

  /// `struct sched_attr` (`linux/sched/types.h`), version 0. Refused before Linux 6.12 or ignored,
  /// which is as well.
  private static MemorySegment attr(Arena arena) {
    MemorySegment attr = arena.allocate(48, Long.BYTES);
    attr.set(JAVA_INT, 0, (int) attr.byteSize());
    attr.set(JAVA_LONG, 24, SLICE_NANOS);
    return attr;
  }
}
