package dev.nsmon.perf;

/// Decodes perf records from an array of longs, in the layout of the ring (`linux/perf_event.h`,
/// `enum perf_event_type`). Every record is a multiple of eight bytes.
///
/// ```
/// header      u32 type | u16 misc | u16 size
/// FORK, EXIT  header | u32 pid, ppid | u32 tid, ptid | u64 time | sample
/// COMM        header | u32 pid, tid | char comm[], up to 16 bytes, padded to 8 | sample
/// NAMESPACES  header | u32 pid, tid | u64 nr | nr times: u64 dev, u64 ino | sample
/// LOST        header | u64 id | u64 lost | sample
/// sample      u32 pid, tid | u64 time
/// ```
///
/// The sample names the thread that was running when the record was written. This distinguishes two
/// kinds of NAMESPACES record: for a fork, the parent writes it; for `unshare(2)` or `setns(2)`,
/// the thread itself does.
///
/// In all methods, `at` is the index of a record's header and `longs` is its size. No method checks
/// bounds; call [#isSound] first.
final class PerfDecoder {
  static final int LOST = 2;
  static final int COMM = 3;
  static final int EXIT = 4;
  static final int FORK = 7;
  static final int NAMESPACES = 16;

  /// `PERF_RECORD_MISC_COMM_EXEC`: the new name comes from `execve(2)`, not from `prctl(2)` or a
  /// write to `/proc/PID/comm`.
  static final int COMM_EXEC = 1 << 13;

  /// The number of namespaces that a NAMESPACES record names, in the order net, uts, ipc, pid,
  /// user, mnt, cgroup. A later kernel may append more.
  static final int NAMED = 7;

  static final int SAMPLE_LONGS = 2;

  /// The size of the smallest record: a header and a sample.
  static final int LEAST_LONGS = 1 + SAMPLE_LONGS;

  /// The size of a FORK or EXIT record on all known kernels.
  static final int TASK_LONGS = 4 + SAMPLE_LONGS;

  /// The size of a NAMESPACES record that names seven namespaces.
  static final int NAMESPACES_LONGS = 3 + 2 * NAMED + SAMPLE_LONGS;

  private PerfDecoder() {}

  static int type(long header) {
    return (int) header;
  }

  /// The record's size in bytes, from its header.
  static int size(long header) {
    return (int) (header >>> 48);
  }

  /// True if the record is large enough for its type.
  static boolean isSound(long[] words, int at, int longs) {
    return switch (type(words[at])) {
      case FORK, EXIT -> longs >= 4 + SAMPLE_LONGS;
      case COMM -> longs >= 3 + SAMPLE_LONGS;
      case LOST -> longs >= 3 + SAMPLE_LONGS;
      case NAMESPACES ->
          longs >= 3 + SAMPLE_LONGS
              && words[at + 2] >= 0
              && words[at + 2] <= (longs - 3 - SAMPLE_LONGS) / 2;
      default -> longs >= LEAST_LONGS;
    };
  }

  /// The record's time, by CLOCK_MONOTONIC in nanoseconds.
  static long time(long[] words, int at, int longs) {
    return words[at + longs - 1];
  }

  /// The process that was running when the record was written.
  static int writerPid(long[] words, int at, int longs) {
    return (int) words[at + longs - 2];
  }

  /// The thread that was running when the record was written.
  static int writerTid(long[] words, int at, int longs) {
    return (int) (words[at + longs - 2] >>> 32);
  }

  /// The process that the record is about.
  static int pid(long[] words, int at) {
    return (int) words[at + 1];
  }

  /// The thread that a COMM or NAMESPACES record is about.
  static int tid(long[] words, int at) {
    return (int) (words[at + 1] >>> 32);
  }

  /// The thread that an EXIT record is about.
  static int exitedTid(long[] words, int at) {
    return (int) words[at + 2];
  }

  static boolean isExec(long header) {
    return (header >>> 32 & COMM_EXEC) != 0;
  }

  /// Bytes 0 to 7 of the name in a COMM record; byte 0 is the least significant.
  static long commLow(long[] words, int at) {
    return words[at + 2];
  }

  /// Bytes 8 to 15 of the name in a COMM record; 0 if the record is shorter.
  static long commHigh(long[] words, int at, int longs) {
    return longs >= 4 + SAMPLE_LONGS ? words[at + 3] : 0;
  }

  /// The number of records that the kernel could not write since the last LOST record.
  static long lost(long[] words, int at) {
    return words[at + 2];
  }

  /// The inode of the namespace at this index of the order of [#NAMED]; 0 if the record does not
  /// name it.
  static long inode(long[] words, int at, int place) {
    return place < words[at + 2] ? words[at + 4 + 2 * place] : 0;
  }
}
