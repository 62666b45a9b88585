package dev.nsmon.runtime;

import dev.nsmon.namespace.ContainerName;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// The cached name of a container and when to query it again. Once known, a name is kept until the
/// runtime returns another, even if the runtime does not answer or the container is gone.
///
/// @param name [ContainerName#NONE] if no runtime has known the container yet
/// @param asked whether a query is queued or running
/// @param pauseNanos the current retry pause after queries that found nothing; 0 if the last one
///   found a name
/// @param againNanos earliest time of the next query, in monotonic time
record Answer(ContainerName name, boolean asked, long pauseNanos, long againNanos) {
  static final long KNOWN_NANOS = TimeUnit.MINUTES.toNanos(10);
  static final long UNKNOWN_NANOS = TimeUnit.SECONDS.toNanos(5);

  /// The state before the first query.
  static final Answer NONE = new Answer(ContainerName.NONE, false, 0, 0);

  boolean isDue(long now) {
    return !asked && now - againNanos >= 0;
  }

  /// The state while a query is queued or running.
  Answer questioned() {
    return new Answer(name, true, pauseNanos, againNanos);
  }

  /// The state after a query.
  ///
  /// @param found empty if no runtime knew the container
  /// @param now monotonic time
  Answer answered(Optional<ContainerName> found, long now) {
    if (found.isPresent()) {
      return new Answer(found.get(), false, 0, now + KNOWN_NANOS);
    }
    long pause = pauseNanos == 0 ? UNKNOWN_NANOS : Math.min(2 * pauseNanos, KNOWN_NANOS);
    return new Answer(name, false, pause, now + pause);
  }
}
