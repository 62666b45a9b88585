package dev.nsmon.namespace;

import java.time.Instant;
import java.time.InstantSource;

/// The two clocks of the host: wall time for people, and the monotonic time that the kernel stamps
/// its records with and that durations are measured by.
///
/// Components take it in their constructors, so that a test can stop and advance both. Safe for use
/// by any thread.
public interface HostClock extends InstantSource {
  /// The clocks of the machine.
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

  /// CLOCK_MONOTONIC in nanoseconds (`clock_gettime(2)`). Only differences have a meaning.
  long nanoTime();
}
