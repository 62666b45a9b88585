package dev.nsmon.perf;

/// Back-pressure: while the monitor lags, the reader leaves records in the rings. It resumes
/// reading as soon as one ring is more than half full.
final class Hold {
  /// Back-pressure is requested. Set and cleared by [#want], from any thread.
  private volatile boolean wanted;

  /// True if reading continues in spite of [#wanted], because a ring is more than half full. Set
  /// and cleared by [#holds], on the thread that reads the rings.
  private volatile boolean halfFull;

  void want(boolean hold) {
    wanted = hold;
  }

  /// True if back-pressure is requested but a ring was more than half full at the last check. Any
  /// thread.
  boolean isHalfFull() {
    return halfFull;
  }

  /// Checks the rings and returns whether to leave the records in them for now. Only the thread
  /// that reads the rings calls it.
  boolean holds(PerfCpus cpus) {
    halfFull = wanted && cpus.areHalfFull();
    return wanted && !halfFull;
  }
}
