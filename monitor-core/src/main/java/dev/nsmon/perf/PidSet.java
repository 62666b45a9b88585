package dev.nsmon.perf;

import java.util.Arrays;

/// A bit set of pids. It is queried for every record, so it neither hashes nor allocates. With the
/// highest possible `pid_max` it takes 512 KiB.
final class PidSet {
  /// `PID_MAX_LIMIT` (`linux/threads.h`): every pid is smaller.
  private static final int LIMIT = 1 << 22;

  private long[] bits = new long[512];

  boolean contains(int pid) {
    int word = pid >> 6;
    return pid > 0 && word < bits.length && (bits[word] >>> pid & 1) != 0;
  }

  void add(int pid) {
    if (pid > 0 && pid < LIMIT) {
      int word = pid >> 6;
      if (word >= bits.length) {
        bits = Arrays.copyOf(bits, Math.max(word + 1, 2 * bits.length));
      }
      bits[word] |= 1L << pid;
    }
  }

  void remove(int pid) {
    if (contains(pid)) {
      bits[pid >> 6] &= ~(1L << pid);
    }
  }
}
