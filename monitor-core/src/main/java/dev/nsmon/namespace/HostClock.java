package dev.nsmon.namespace;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// The two clocks of the host: wall time, and the monotonic time that the kernel stamps its records
/// with and that durations are measured by.
///
/// Components receive it in their constructors, so that a test can stop and advance both clocks.
/// Pauses between attempts use it too. Safe for use by any thread.
public interface HostClock extends InstantSource {
  /// The real clocks.
  HostClock SYSTEM =
      new HostClock() {
        @Override
        public Instant instant() {
          return Instant.now();
        }

        @Override
        public long nanoTime() {
          return System.nanoTime();
        }
      };

  /// CLOCK_MONOTONIC in nanoseconds (`clock_gettime(2)`), comparable with the times of kernel
  /// records. Else only differences have a meaning.
  long nanoTime();

  /// Pauses the calling thread for this time.
  default void sleep(Duration time) throws InterruptedException {
    Thread.sleep(time);
  }

  /// Pauses the calling thread until the latch is at zero or this time has passed.
  ///
  /// @return true if the latch is at zero
  default boolean await(CountDownLatch latch, Duration atMost) throws InterruptedException {
    return latch.await(atMost.toNanos(), TimeUnit.NANOSECONDS);
  }
}
