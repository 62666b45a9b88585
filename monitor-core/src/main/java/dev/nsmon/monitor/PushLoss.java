package dev.nsmon.monitor;

import dev.nsmon.event.NamespaceEvent.EventsLost;
import dev.nsmon.event.NamespaceEvent.Sighting;
import dev.nsmon.event.Source;
import dev.nsmon.namespace.HostClock;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/// The unreported losses of a push source, and the full scan that must follow each report. At most
/// one report is made per second. A scan that failed is due again a second later.
///
/// Monitor thread only.
final class PushLoss {
  private static final long PAUSE_NANOS = 1_000_000_000;

  private final HostClock clock;
  // A loss is not reported yet. Set by add(), cleared by take().
  private boolean pending;

  /// A full scan must follow a report. Set by [#take], cleared by [#scanned].
  private boolean scanOwed;

  // Of the unreported losses: whether their number is known, and the known part of it.
  private boolean countKnown;
  private long count;
  // When take() was last called.
  private long toldNanos;

  PushLoss(HostClock clock) {
    this.clock = clock;
    this.toldNanos = clock.nanoTime() - PAUSE_NANOS;
  }

  /// Adds a loss.
  ///
  /// @param lost number of lost records; empty if unknown
  void add(OptionalLong lost) {
    countKnown = (countKnown || !pending) && lost.isPresent();
    count += lost.orElse(0);
    pending = true;
  }

  /// True if a loss is to be reported, or if a full scan must still follow a report.
  boolean isPending() {
    return pending || scanOwed;
  }

  /// When the next report or scan is due, by [HostClock#nanoTime()]. Valid while [#isPending].
  long dueNanos() {
    return toldNanos + PAUSE_NANOS;
  }

  /// Notes that a full scan has succeeded.
  void scanned() {
    scanOwed = false;
  }

  /// Returns the record to report before the full scan that the caller runs next. Empty if that
  /// scan only repeats a failed one.
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
