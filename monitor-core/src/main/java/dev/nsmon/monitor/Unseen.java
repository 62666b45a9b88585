package dev.nsmon.monitor;

import dev.nsmon.event.NamespaceEvent.EventsLost;
import dev.nsmon.event.NamespaceEvent.Sighting;
import dev.nsmon.event.Source;
import dev.nsmon.namespace.Snapshot;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// Computes the loss of polling: how many namespaces began and ended between two scans. The kernel
/// numbers all namespaces that are born; those that no scan has shown were missed.
final class Unseen {
  private final Supplier<OptionalLong> births;
  private final LongSupplier seenBorn;
  // Births up to the current scan. Set by count(); empty if unknown.
  private OptionalLong born = OptionalLong.empty();
  // Missed namespaces, as of the last report.
  private long told;

  /// @param births returns how many namespaces were born since its first call; empty if unknown
  /// @param seenBorn returns how many of those the scans have shown
  Unseen(Supplier<OptionalLong> births, LongSupplier seenBorn) {
    this.births = births;
    this.seenBorn = seenBorn;
  }

  /// Reads the number of births before a scan. A namespace born after this call may or may not be
  /// in that scan.
  void count() {
    born = births.get();
  }

  /// Returns the `events-lost` record to report after the scan; empty if no more were missed.
  ///
  /// A scan can't show a namespace at once if only a descriptor holds it. Such a namespace counts
  /// as missed until a later scan finds it. It is then deducted from later reports.
  Optional<EventsLost> tell(Snapshot look, Snapshot before) {
    long unseen = born.orElse(0) - seenBorn.getAsLong();
    if (born.isEmpty() || unseen <= told) {
      return Optional.empty();
    }
    EventsLost lost =
        new EventsLost(
            new Sighting(look.time(), Optional.of(before.time()), Source.POLL),
            EventsLost.Where.POLL,
            OptionalLong.empty(),
            OptionalLong.empty(),
            OptionalLong.of(unseen - told));
    told = unseen;
    return Optional.of(lost);
  }
}
