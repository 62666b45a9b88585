package dev.nsmon.testing;

import dev.nsmon.namespace.HostClock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/// A clock that stands still until a test advances it. Both its times move together.
///
/// Any thread may read it; what waits by real time is not woken when it is advanced.
public final class TestClock implements HostClock {
  /// The wall time at which every such clock begins.
  public static final Instant BEGIN = Instant.parse("2026-11-23T12:00:00Z");

  /// Not zero: a product that takes zero for "never" is to be found out.
  private static final long BEGIN_NANOS = 1_000_000_000_000L;

  private final AtomicLong nanos = new AtomicLong(BEGIN_NANOS);

  @Override
  public Instant instant() {
    return BEGIN.plusNanos(nanos.get() - BEGIN_NANOS);
  }

  @Override
  public long nanoTime() {
    return nanos.get();
  }

  /// Lets time pass.
  public void advance(Duration time) {
    nanos.addAndGet(time.toNanos());
  }
}
