package dev.nsmon.perf;

/// Decides how long to wait for the next drain: an eighth of the time for which nothing that
/// matters has come. Namespaces are made and left in bursts, so only the first record of one waits
/// long.
final class Pacer {
  /// That many records in one drain are a storm: after 25 ms, of 13,000 forks a second.
  private static final int STORM = 1000;

  private final PerfTuning tuning;
  private long pause;

  Pacer(PerfTuning tuning) {
    this.tuning = tuning;
    this.pause = tuning.busyNanos();
  }

  /// The pause after a drain, in nanoseconds.
  ///
  /// @param taken records in it
  /// @param told those that were not dismissed
  /// @param filling whether a ring was filling up
  long next(int taken, int told, boolean filling) {
    if (told > 0 || filling) {
      pause = tuning.busyNanos();
    } else {
      long longest = taken >= STORM ? tuning.stormNanos() : tuning.idleNanos();
      pause = Math.min(longest, pause + pause / 8);
    }
    return pause;
  }

  /// Whether so little comes that it is better to be woken by it.
  ///
  /// @param taken records in the last drain: on a host where some come all the time that are
  ///   dismissed, each would wake for nothing
  boolean isCalm(int taken) {
    return taken == 0 && pause == tuning.idleNanos();
  }
}
