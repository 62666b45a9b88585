package dev.nsmon.monitor;

import dev.nsmon.event.NamespaceEvent.EventsLost;
import dev.nsmon.event.NamespaceEvent.Sighting;
import dev.nsmon.event.Source;
import dev.nsmon.namespace.HostClock;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/// The losses of a push source that are not reported yet, and the full scan that must follow each
/// report. There is one report a second at most; a scan that fails is due again a second later.
///
/// Monitor thread only.
final class PushLoss {
  private static final long PAUSE_NANOS = 1_000_000_000;

  private final HostClock clock;
  private boolean pending;

  /// Set when a loss is reported, cleared by [#scanned]: no full scan has succeeded since.
  private boolean scanOwed;

  private boolean countKnown;
  private long count;
  private long toldNanos;

  PushLoss(HostClock clock) {
    this.clock = clock;
    this.toldNanos = clock.nanoTime() - PAUSE_NANOS;
  }

  /// So many records were lost; empty if nobody knows how many.
  void add(OptionalLong lost) {
    countKnown = (countKnown || !pending) && lost.isPresent();
    count += lost.orElse(0);
    pending = true;
  }

  /// Whether a loss is to be reported, or a full scan is still to follow one.
  boolean isPending() {
    return pending || scanOwed;
  }

  /// When that is to happen, by [HostClock#nanoTime()].
  long dueNanos() {
    return toldNanos + PAUSE_NANOS;
  }

  /// A full scan has succeeded.
  void scanned() {
    scanOwed = false;
  }

  /// The record to be reported before a full scan that now follows; empty if that scan only repeats
  /// one that failed.
  Optional<EventsLost> take(Instant time, Source source) {
    toldNanos = clock.nanoTime();
    if (!pending) {
      return Optional.empty();
    }
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
    scanOwed = true;
    return Optional.of(lost);
  }
}
