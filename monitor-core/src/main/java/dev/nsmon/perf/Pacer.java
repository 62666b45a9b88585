package dev.nsmon.perf;

/// Decides how long to wait for the next drain: an eighth of the time for which nothing that
/// matters has come. Namespaces are made and left in bursts, so only the first record of one waits
/// long.
final class Pacer {
  private final PerfTuning tuning;
  private long pause;

  Pacer(PerfTuning tuning) {
    this.tuning = tuning;
    this.pause = tuning.busyNanos();
  }

  /// The pause after a drain, in nanoseconds.
  ///
  /// @param told records in it that were not dismissed
  /// @param filling whether a ring was filling up
  long next(int told, boolean filling) {
    if (told > 0 || filling) {
      pause = tuning.busyNanos();
    } else {
      pause = Math.min(tuning.idleNanos(), pause + pause / 8);
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
