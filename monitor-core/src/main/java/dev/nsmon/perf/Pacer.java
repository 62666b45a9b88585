package dev.nsmon.perf;

/// Computes the pause between two drains of the rings. The pause grows to about an eighth of the
/// time since the last relevant record, up to a maximum. Namespaces are created and left in bursts,
/// so only the first record of a burst waits long.
final class Pacer {
  /// This many records in one drain are a storm: 13,000 forks a second, drained every 25 ms.
  private static final int STORM = 1000;

  private final PerfTuning tuning;
  private long pause;

  Pacer(PerfTuning tuning) {
    this.tuning = tuning;
    this.pause = tuning.busyNanos();
  }

  /// Returns the pause after a drain, in nanoseconds.
  ///
  /// @param taken records that the drain read
  /// @param told those of them that were handed over
  /// @param filling whether a ring was more than a quarter full
  long next(int taken, int told, boolean filling) {
    if (told > 0 || filling) {
      pause = tuning.busyNanos();
    } else {
      long longest = taken >= STORM ? tuning.stormNanos() : tuning.idleNanos();
      pause = Math.min(longest, pause + pause / 8);
    }
    return pause;
  }

  /// True if records are so rare that waiting for a wake-up is cheaper than polling.
  ///
  /// @param taken records in the last drain, including irrelevant ones: where those arrive all the
  ///   time, each would cause a useless wake-up
  boolean isCalm(int taken) {
    return taken == 0 && pause == tuning.idleNanos();
  }
}
