package dev.nsmon.netlink;

/// Decides how to wait for events: for each, or for a while. One thread only.
///
/// To be woken for an event brings it within a fraction of a millisecond, and costs whoever forks
/// more than the event itself: a storm of forks on another CPU became slower by 26 to 30 % under a
/// reader woken each time, by 4 to 6 % under one that looked every 2 ms. A process that does little
/// lives for half a millisecond. So: woken while events are few, on a timer while they are many.
final class Pace {
  /// Some 5,000 a second. A container that starts has bursts of this rate for a few milliseconds,
  /// and it is in bursts that short lives are missed; so it takes a while to be called busy.
  private static final int MANY = 100;

  private static final long WINDOW_NANOS = 20_000_000;

  /// Half of that rate, for longer, so that it does not change to and fro.
  private static final int FEW = 250;

  private static final long LONG_WINDOW_NANOS = 100_000_000;

  private boolean busy;
  private long windowBegan;
  private int events;

  /// So many events have come by now ([dev.nsmon.namespace.HostClock#nanoTime()]).
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

  /// Whether to look on a timer.
  boolean isBusy() {
    return busy;
  }
}
