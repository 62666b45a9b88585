package dev.nsmon.testing;

import dev.nsmon.namespace.HostClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// A clock that stands still until a test advances it. Both its times move together.
///
/// Any thread may read it. A thread in [#sleep] or [#await] goes on when the clock has been
/// advanced far enough; what waits by real time is not woken.
public final class TestClock implements HostClock {
  /// The wall time at which every such clock begins.
  public static final Instant BEGIN = Instant.parse("2026-11-23T12:00:00Z");

  /// Not zero: a product that takes zero for "never" is to be found out.
  private static final long BEGIN_NANOS = 1_000_000_000_000L;

  private long nanos = BEGIN_NANOS;

  /// When each thread that is in [#sleep] or [#await] goes on at the latest.
  private final List<Long> wakeups = new ArrayList<>();

  @Override
  public Instant instant() {
    return BEGIN.plusNanos(nanoTime() - BEGIN_NANOS);
  }

  @Override
  public synchronized long nanoTime() {
    return nanos;
  }

  /// Lets time pass.
  public synchronized void advance(Duration time) {
    nanos += time.toNanos();
    notifyAll();
  }

  @Override
  public void sleep(Duration time) throws InterruptedException {
    await(new CountDownLatch(1), time);
  }

  @Override
  public boolean await(CountDownLatch latch, Duration atMost) throws InterruptedException {
    Long end = nanoTime() + atMost.toNanos();
    begin(end);
    try {
      while (nanoTime() < end) {
        // A latch can't be waited for together with this clock.
        if (latch.await(1, TimeUnit.MILLISECONDS)) {
          return true;
        }
      }
      return latch.getCount() == 0;
    } finally {
      end(end);
    }
  }

  private synchronized void begin(Long end) {
    wakeups.add(end);
    notifyAll();
  }

  private synchronized void end(Long end) {
    wakeups.remove(end);
  }

  /// Waits until a thread is in [#sleep] or [#await] and goes on only when this clock is advanced.
  ///
  /// @return how far it must be advanced for that
  public synchronized Duration awaitSleeper() throws InterruptedException {
    while (true) {
      for (long end : wakeups) {
        if (end > nanos) {
          return Duration.ofNanos(end - nanos);
        }
      }
      wait();
    }
  }
}
