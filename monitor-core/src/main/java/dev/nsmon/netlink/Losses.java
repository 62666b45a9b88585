package dev.nsmon.netlink;

import dev.nsmon.push.Push;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;

/// Counts the events lost in one drain of the socket, each once. One thread only.
///
/// Two sources are combined:
/// - Each CPU numbers its events, so a hole in the numbers is a loss. A hole appears only with the
///   CPU's next event, and never if the CPU had no event before.
/// - The socket counts what it drops when its receive buffer is full. This count is complete as
///   soon as the buffer has been emptied.
///
/// After an overrun, the socket's count is reported and the numbering restarts. A hole without a
/// drop is an event for which the kernel had no memory.
final class Losses {
  /// More CPUs than any kernel supports. A larger number is not trusted, so that it can't cause a
  /// huge array.
  private static final int MAX_CPUS = 1 << 16;

  /// The next expected number of each CPU.
  private int[] next = new int[8];

  /// Whether [#next] is valid for each CPU. Cleared by [#restart].
  private boolean[] begun = new boolean[8];

  /// The sum of the holes since the last [#settle].
  private long missing;

  /// Something of unknown size was lost. Cleared by [#settle].
  private boolean uncounted;

  /// The kernel has reported ENOBUFS. Cleared by [#settle].
  private boolean overrun;

  /// Records the number of an event. The first one of a CPU sets where its numbers start; each
  /// later one must be the last plus one, modulo 2^32.
  void numbered(int cpu, int sequence) {
    if (cpu < 0 || cpu >= MAX_CPUS) {
      return; // Before Linux 4.8 an acknowledgement has cpu -1 and no number of a CPU.
    }
    if (cpu >= next.length) {
      next = Arrays.copyOf(next, Math.max(cpu + 1, next.length * 2));
      begun = Arrays.copyOf(begun, next.length);
    }
    int hole = begun[cpu] ? sequence - next[cpu] : 0;
    if (hole < 0) {
      uncounted = true; // The number went back: a loss of unknown size.
    } else {
      missing += hole;
    }
    begun[cpu] = true;
    next[cpu] = sequence + 1;
  }

  /// Records a malformed datagram: an unknown number of events is lost.
  void malformed() {
    uncounted = true;
  }

  /// Records ENOBUFS, which the kernel reports once for any number of drops.
  void overrun() {
    overrun = true;
  }

  /// True if there may be a loss to report.
  boolean isSuspected() {
    return overrun || uncounted || missing > 0;
  }

  /// Returns the loss of this drain, if any, and resets the counts.
  ///
  /// @param drops growth of the socket's count of drops since the last call; -1 if unknown
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

  /// Forgets the numbers of all CPUs, as for a new socket.
  void restart() {
    Arrays.fill(begun, false);
  }
}
