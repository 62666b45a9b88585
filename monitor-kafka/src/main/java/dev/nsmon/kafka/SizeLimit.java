package dev.nsmon.kafka;

import java.time.Duration;
import java.util.function.LongSupplier;

/// The largest record size that a broker accepts, learned from rejected records.
///
/// The broker's limit is for compressed batches, so it can't be queried in advance. Each rejection
/// costs a new producer. The limit is forgotten 5 minutes after the last rejection, since the
/// broker's configuration may have changed.
final class SizeLimit {
  private static final long MEMORY_NANOS = Duration.ofMinutes(5).toNanos();

  private final LongSupplier nanoClock;
  private int smallestRefused = Integer.MAX_VALUE;
  private long learnedNanos;

  SizeLimit(LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
  }

  /// Whether to try a record whose value has this many bytes.
  boolean allows(int bytes) {
    if (bytes >= smallestRefused && nanoClock.getAsLong() - learnedNanos > MEMORY_NANOS) {
      smallestRefused = Integer.MAX_VALUE;
    }
    return bytes < smallestRefused;
  }

  /// Records that a value of this many bytes was rejected.
  void refused(int bytes) {
    smallestRefused = Math.min(smallestRefused, bytes);
    learnedNanos = nanoClock.getAsLong();
  }
}
