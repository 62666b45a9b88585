package dev.nsmon.perf;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.nsmon.libc.Errno;
import dev.nsmon.libc.Libc;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Builds `struct perf_event_attr` and opens events (`perf_event_open(2)`). The event is a dummy
/// that counts nothing and never interrupts. Its ring receives a record for every fork, exec, exit
/// and namespace change on one CPU.
///
/// ```
/// u32 type | u32 size | u64 config | u64 sample_period | u64 sample_type | u64 read_format
/// u64 flags | u32 wakeup_watermark | ... | at 92: i32 clockid | ... | 112 bytes (Linux 4.1)
/// ```
final class PerfAttr {
  static final int SIZE = 112;
  private static final int PERF_TYPE_SOFTWARE = 1;
  private static final long PERF_COUNT_SW_DUMMY = 9;

  /// `PERF_SAMPLE_TID | PERF_SAMPLE_TIME`: every record ends with the running thread and the time,
  /// 16 bytes.
  private static final long SAMPLE_TYPE = 2 | 4;

  static final long FORMAT_TOTAL_TIME_ENABLED = 1;

  /// `PERF_FORMAT_LOST`: the kernel counts the records that it could not write. Since Linux 6.0.
  static final long FORMAT_LOST = 16;

  private static final long FLAG_DISABLED = 1;
  private static final long FLAG_COMM = 1L << 9;
  private static final long FLAG_TASK = 1L << 13;
  private static final long FLAG_WATERMARK = 1L << 14;
  private static final long FLAG_SAMPLE_ID_ALL = 1L << 18;
  private static final long FLAG_COMM_EXEC = 1L << 24;
  private static final long FLAG_USE_CLOCKID = 1L << 25;
  private static final long FLAG_NAMESPACES = 1L << 28;
  private static final int CLOCK_MONOTONIC = 1;
  static final long FD_CLOEXEC = 8;

  private static final long FLAGS =
      FLAG_COMM
          | FLAG_TASK
          | FLAG_WATERMARK
          | FLAG_SAMPLE_ID_ALL
          | FLAG_COMM_EXEC
          | FLAG_USE_CLOCKID
          | FLAG_NAMESPACES;

  /// Larger than any ring, so that the kernel never wakes the reader. A wake-up for each record
  /// would double the cost of a fork on the host.
  private static final int WATERMARK = 1 << 30;

  private PerfAttr() {}

  /// Opens the event on this CPU. Returns a descriptor or a negated error number.
  ///
  /// @param readFormat `PERF_FORMAT_*` bits: the counters that `read(2)` of the descriptor yields
  static int open(Libc libc, int cpu, long readFormat) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment attr = arena.allocate(SIZE, 8);
      fill(attr, readFormat);
      return libc.perfEventOpen(attr, -1, cpu, -1, FD_CLOEXEC);
    }
  }

  /// Opens a second event on this CPU, disabled, whose ring wakes its poller with every record.
  /// Returns a descriptor or a negated error number.
  static int openBell(Libc libc, int cpu) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment attr = arena.allocate(SIZE, 8);
      fill(attr, 0);
      attr.set(JAVA_LONG, 40, FLAGS | FLAG_DISABLED);
      attr.set(JAVA_INT, 48, 1);
      return libc.perfEventOpen(attr, -1, cpu, -1, FD_CLOEXEC);
    }
  }

  /// Writes the structure into a zeroed segment of [#SIZE] bytes.
  static void fill(MemorySegment attr, long readFormat) {
    attr.set(JAVA_INT, 0, PERF_TYPE_SOFTWARE);
    attr.set(JAVA_INT, 4, SIZE);
    attr.set(JAVA_LONG, 8, PERF_COUNT_SW_DUMMY);
    attr.set(JAVA_LONG, 24, SAMPLE_TYPE);
    attr.set(JAVA_LONG, 32, readFormat);
    attr.set(JAVA_LONG, 40, FLAGS);
    attr.set(JAVA_INT, 48, WATERMARK);
    attr.set(JAVA_INT, 92, CLOCK_MONOTONIC);
  }

  /// Translates the error number of a failed open into a message with the likely cause.
  static String refusal(int errno) {
    String why =
        switch (errno) {
          case Errno.EACCES ->
              "needs CAP_PERFMON (CAP_SYS_ADMIN before Linux 5.8) in the initial user namespace,"
                  + " and that no security module objects";
          case Errno.EPERM ->
              "needs CAP_PERFMON (CAP_SYS_ADMIN before Linux 5.8), and that neither lockdown nor a"
                  + " container's seccomp filter forbids it";
          case Errno.ENOSYS -> "this kernel has no perf events (CONFIG_PERF_EVENTS)";
          case Errno.EINVAL, Errno.E2BIG ->
              "this kernel has no namespace records (Linux 4.12, CONFIG_NAMESPACES)";
          case Errno.EMFILE -> "too many open files, of which it needs one for each CPU";
          default -> "";
        };
    return "perf_event_open: " + Errno.name(errno) + (why.isEmpty() ? "" : ": " + why);
  }
}
