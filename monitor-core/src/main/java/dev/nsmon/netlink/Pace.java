package dev.nsmon.netlink;

/// Decides between waking up for each event and polling by a timer. One thread only.
///
/// A wake-up delivers an event within a fraction of a millisecond, but costs the forking task more
/// than the event itself. A storm of forks on another CPU was 26 to 30 % slower under a reader that
/// was woken each time. Under one that polled every 2 ms it was 4 to 6 % slower. On the other hand,
/// a short-lived process exists for half a millisecond. Therefore the reader is woken while events
/// are few and polls while they are many.
final class Pace {
  /// About 5,000 events a second. A starting container causes bursts of this rate for some
  /// milliseconds, and most short-lived processes occur in them. The window is long enough not to
  /// switch to polling in such a burst.
  private static final int MANY = 100;

  private static final long WINDOW_NANOS = 20_000_000;

  /// Half of that rate over a longer window: hysteresis against frequent switching.
  private static final int FEW = 250;

  private static final long LONG_WINDOW_NANOS = 100_000_000;

  /// True while the reader polls by the timer.
  private boolean busy;

  private long windowBegan;
  private int events;

  /// Counts events.
  ///
  /// @param now [dev.nsmon.namespace.HostClock#nanoTime()]
  void came(int count, long now) {
    events += count;
    long passed = now - windowBegan;
    if (busy) {
      if (passed >= LONG_WINDOW_NANOS) {
        busy = events >= FEW * passed / LONG_WINDOW_NANOS;
        begin(now);
      }
    } else if (passed >= WINDOW_NANOS) {
      busy = events >= MANY * passed / WINDOW_NANOS;
      begin(now);
    }
  }

  private void begin(long now) {
    windowBegan = now;
    events = 0;
  }

  /// True if the reader should poll by the timer, false if it should be woken.
  boolean isBusy() {
    return busy;
  }
}
