package dev.nsmon.monitor;

import dev.nsmon.event.NamespaceEvent.EventsLost;
import dev.nsmon.event.NamespaceEvent.Sighting;
import dev.nsmon.event.Source;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/// What a push source has lost and was not told yet: told at most once a second, each time followed
/// by a look at everything.
final class PushLoss {
  private static final long PAUSE_NANOS = 1_000_000_000;

  private boolean pending;
  private boolean countKnown;
  private long count;
  private long toldNanos = System.nanoTime() - PAUSE_NANOS;

  /// So many records were lost; empty if nobody knows how many.
  void add(OptionalLong lost) {
    countKnown = (countKnown || !pending) && lost.isPresent();
    count += lost.orElse(0);
    pending = true;
  }

  /// Whether there is something to tell.
  boolean isPending() {
    return pending;
  }

  /// When that may be told, by [System#nanoTime()].
  long dueNanos() {
    return toldNanos + PAUSE_NANOS;
  }

  /// The record to be told.
  EventsLost take(Instant time, Source source) {
    EventsLost lost =
        new EventsLost(
            new Sighting(time, Optional.empty(), source),
            EventsLost.Where.KERNEL,
            OptionalLong.empty(),
            OptionalLong.empty(),
            countKnown ? OptionalLong.of(count) : OptionalLong.empty());
    pending = false;
    countKnown = false;
    count = 0;
    toldNanos = System.nanoTime();
    return lost;
  }
}
