package dev.nsmon.perf;

/// Exponential backoff between attempts to open the events again: 1 s, then twice as long each
/// time, up to 30 s. A minute without a failure resets it. Used by one thread.
final class Backoff {
  private static final long FIRST_NANOS = 1_000_000_000;
  private static final long LAST_NANOS = 30_000_000_000L;
  private static final long STEADY_NANOS = 60_000_000_000L;

  private int failures;
  private long failedNanos;

  /// Counts a failure and returns how long to wait, in nanoseconds.
  ///
  /// @param now monotonic time, in nanoseconds
  long nextNanos(long now) {
    failures = failures > 0 && now - failedNanos > STEADY_NANOS ? 0 : failures;
    failedNanos = now;
    long wait = Math.min(LAST_NANOS, FIRST_NANOS << failures);
    failures = Math.min(failures + 1, 5);
    return wait;
  }
}
