package dev.nsmon.kafka;

import java.time.Duration;
import java.util.function.LongSupplier;

/// How large a record may be, learned from those that were refused. The broker's limit is on what
/// arrives, compressed, so it can't be asked for beforehand; and each refusal costs a producer.
/// Forgotten after a while: somebody may have raised the limit.
final class SizeLimit {
  private static final long MEMORY_NANOS = Duration.ofMinutes(5).toNanos();

  private final LongSupplier nanoClock;
  private int smallestRefused = Integer.MAX_VALUE;
  private long learnedNanos;

  SizeLimit(LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
  }

  /// Whether one of this size is worth a try.
  boolean allows(int bytes) {
    if (bytes >= smallestRefused && nanoClock.getAsLong() - learnedNanos > MEMORY_NANOS) {
      smallestRefused = Integer.MAX_VALUE;
    }
    return bytes < smallestRefused;
  }

  /// One of this size was refused.
  void refused(int bytes) {
    smallestRefused = Math.min(smallestRefused, bytes);
    learnedNanos = nanoClock.getAsLong();
  }
}
