package dev.nsmon.perf;

/// What the records say, read from plain longs: those of the ring, as they lie there (`linux/
/// perf_event.h`, `enum perf_event_type`). Every record is a multiple of eight bytes.
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
/// The sample names the thread that ran when the record was written. So it tells the NAMESPACES
/// record of a fork, which the parent writes, from that of `unshare(2)` or `setns(2)`, which a
/// thread writes of itself.
///
/// All methods take the index of a record's header; `longs` is its size. None checks anything:
/// [#isSound] has.
final class PerfDecoder {
  static final int LOST = 2;
  static final int COMM = 3;
  static final int EXIT = 4;
  static final int FORK = 7;
  static final int NAMESPACES = 16;

  /// `PERF_RECORD_MISC_COMM_EXEC`: the name has come with another program.
  static final int COMM_EXEC = 1 << 13;

  /// How many namespaces a NAMESPACES record names, in the order net, uts, ipc, pid, user, mnt,
  /// cgroup. A later kernel may add some behind them.
  static final int NAMED = 7;

  static final int SAMPLE_LONGS = 2;

  /// A header and a sample.
  static final int LEAST_LONGS = 1 + SAMPLE_LONGS;

  /// Size of a FORK or EXIT record, so far.
  static final int TASK_LONGS = 4 + SAMPLE_LONGS;

  /// Size of a NAMESPACES record that names seven.
  static final int NAMESPACES_LONGS = 3 + 2 * NAMED + SAMPLE_LONGS;

  private PerfDecoder() {}

  static int type(long header) {
    return (int) header;
  }

  /// The size that the header gives, in bytes.
  static int size(long header) {
    return (int) (header >>> 48);
  }

  /// Whether the record is as large as its type asks for.
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

  /// When it was written, by CLOCK_MONOTONIC.
  static long time(long[] words, int at, int longs) {
    return words[at + longs - 1];
  }

  /// The process that ran.
  static int writerPid(long[] words, int at, int longs) {
    return (int) words[at + longs - 2];
  }

  /// The thread that ran.
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

  /// The first eight bytes of the name, the first of them lowest.
  static long commLow(long[] words, int at) {
    return words[at + 2];
  }

  /// The last eight bytes of the name.
  static long commHigh(long[] words, int at, int longs) {
    return longs >= 4 + SAMPLE_LONGS ? words[at + 3] : 0;
  }

  /// How many records the kernel could not write since the last LOST record.
  static long lost(long[] words, int at) {
    return words[at + 2];
  }

  /// The inode of the namespace at this place of the order, or 0 if the record does not say.
  static long inode(long[] words, int at, int place) {
    return place < words[at + 2] ? words[at + 4 + 2 * place] : 0;
  }
}
