package dev.nsmon.monitor;

import java.time.Duration;
import java.util.function.Consumer;

/// Schedules the full scans. The time from the start of one scan to the start of the next is the
/// interval. It is longer if scans are slow: four times the shorter duration of the last two. Scans
/// therefore take about a quarter of one core at most.
final class Looks {
  private static final int REST = 3;

  private final long intervalNanos;
  private final Consumer<String> remarks;
  private long began;
  private long pauseNanos;
  private long lastTook = Long.MAX_VALUE;
  // True if the last message to the user was that scans are slower than the interval.
  private boolean slowed;

  Looks(Duration interval, Consumer<String> remarks) {
    this.intervalNanos = interval.toNanos();
    this.remarks = remarks;
  }

  /// Notes that a full scan begins.
  void begin(long now) {
    began = now;
  }

  /// Notes that a full scan has ended, and schedules the next.
  ///
  /// @param took its duration in nanoseconds
  /// @param regular true if it was a scheduled one; only such a scan reports a change of pace
  void end(long took, boolean regular) {
    // The shorter of two, to ignore the one scan in many that runs an expensive holder search.
    pauseNanos = Math.max(intervalNanos, Math.min(took, lastTook) * (REST + 1));
    lastTook = took;
    if (regular && pauseNanos > intervalNanos != slowed) {
      slowed = !slowed;
      remarks.accept(
          slowed
              ? "a look takes "
                  + Duration.ofNanos(took).toMillis()
                  + " ms: looking every "
                  + Duration.ofNanos(pauseNanos).toMillis()
                  + " ms, not every "
                  + Duration.ofNanos(intervalNanos).toMillis()
              : "looking at the asked interval again");
    }
  }

  /// When the next full scan is due, by [dev.nsmon.namespace.HostClock#nanoTime()].
  long dueNanos() {
    return began + pauseNanos;
  }
}
