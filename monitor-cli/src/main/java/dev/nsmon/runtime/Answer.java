package dev.nsmon.runtime;

import dev.nsmon.namespace.ContainerName;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// What is known of a container, and when to ask for it again. A name that was answered once stays
/// until there is another, though the runtime be silent or the container gone.
///
/// @param asked whether its question is on the way
/// @param pauseNanos how long to wait since no runtime knew it; 0 if one did
/// @param againNanos when to ask again, by monotonic time
record Answer(ContainerName name, boolean asked, long pauseNanos, long againNanos) {
  static final long KNOWN_NANOS = TimeUnit.MINUTES.toNanos(10);
  static final long UNKNOWN_NANOS = TimeUnit.SECONDS.toNanos(5);

  /// Before the first question.
  static final Answer NONE = new Answer(ContainerName.NONE, false, 0, 0);

  boolean isDue(long now) {
    return !asked && now - againNanos >= 0;
  }

  /// The question is on the way.
  Answer questioned() {
    return new Answer(name, true, pauseNanos, againNanos);
  }

  /// The question has been answered.
  ///
  /// @param found empty if no runtime knew it
  Answer answered(Optional<ContainerName> found, long now) {
    if (found.isPresent()) {
      return new Answer(found.get(), false, 0, now + KNOWN_NANOS);
    }
    long pause = pauseNanos == 0 ? UNKNOWN_NANOS : Math.min(2 * pauseNanos, KNOWN_NANOS);
    return new Answer(name, false, pause, now + pause);
  }
}
