package dev.nsmon.netlink;

import dev.nsmon.push.Push;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;

/// Adds up what is missing from one drain of the socket, each loss once. One thread only.
///
/// Each CPU numbers its events, so a hole in the numbers is what was lost. An overrun of the
/// receive buffer leaves holes too, but they show only when the CPU has its next event, and not
/// where it had none before. The socket's own count of drops is complete as soon as the buffer has
/// been emptied. So after an overrun that count is told, and the numbers are taken up anew. What
/// the numbers alone show is an event that the kernel had no memory for.
final class Losses {
  /// More CPUs than any kernel is built for. A fork bomb of nonsense must not become an array.
  private static final int MAX_CPUS = 1 << 16;

  private int[] next = new int[8];
  private boolean[] begun = new boolean[8];
  private long missing;
  private boolean uncounted;
  private boolean overrun;

  /// An event with this number has come. The first of a CPU says where its numbers begin; later
  /// ones are one more than the last, modulo 2^32.
  void numbered(int cpu, int sequence) {
    if (cpu < 0 || cpu >= MAX_CPUS) {
      return; // Before Linux 4.8 an acknowledgement has no CPU and no number of one: cpu is -1.
    }
    if (cpu >= next.length) {
      next = Arrays.copyOf(next, Math.max(cpu + 1, next.length * 2));
      begun = Arrays.copyOf(begun, next.length);
    }
    int hole = begun[cpu] ? sequence - next[cpu] : 0;
    if (hole < 0) {
      uncounted = true; // A number from the past: whatever this is, it can't be counted.
    } else {
      missing += hole;
    }
    begun[cpu] = true;
    next[cpu] = sequence + 1;
  }

  /// The kernel has sent what can't be read, so something was missed.
  void malformed() {
    uncounted = true;
  }

  /// The kernel has said ENOBUFS, as it does once however much it drops.
  void overrun() {
    overrun = true;
  }

  /// Whether there is anything to tell.
  boolean isSuspected() {
    return overrun || uncounted || missing > 0;
  }

  /// What is to be told of this drain, and forgets it.
  ///
  /// @param drops how much the socket's count of drops has grown since it was last asked; -1 if it
  ///   can't be told
  Optional<Push> settle(long drops) {
    boolean dropped = overrun || drops > 0;
    long count = Math.max(drops, missing);
    boolean known = !uncounted && (!dropped || count > 0);
    boolean any = dropped || uncounted || missing > 0;
    if (dropped) {
      restart();
    }
    missing = 0;
    uncounted = false;
    overrun = false;
    return any
        ? Optional.of(new Push.Lost(known ? OptionalLong.of(count) : OptionalLong.empty()))
        : Optional.empty();
  }

  /// Takes the numbers up anew, as with a new socket.
  void restart() {
    Arrays.fill(begun, false);
  }
}
