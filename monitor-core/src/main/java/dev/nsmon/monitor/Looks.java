package dev.nsmon.monitor;

import java.time.Duration;
import java.util.function.Consumer;

/// When to look at everything next. Looks begin an interval apart, and never sooner than four times
/// as long after one began as the shorter of the last two took, so that looking takes about a
/// quarter of one core at most.
final class Looks {
  private static final int REST = 3;

  private final long intervalNanos;
  private final Consumer<String> remarks;
  private long began;
  private long pauseNanos;
  private long lastTook = Long.MAX_VALUE;
  private boolean slowed;

  Looks(Duration interval, Consumer<String> remarks) {
    this.intervalNanos = interval.toNanos();
    this.remarks = remarks;
  }

  /// A look begins.
  void begin(long now) {
    began = now;
  }

  /// It has taken so long.
  ///
  /// @param regular whether it was one of those that are an interval apart
  void end(long took, boolean regular) {
    // The shorter of two: a search for holders makes one look in many a long one.
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

  /// When the next is due, by [dev.nsmon.namespace.HostClock#nanoTime()].
  long dueNanos() {
    return began + pauseNanos;
  }
}
