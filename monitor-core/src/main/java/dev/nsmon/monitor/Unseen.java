package dev.nsmon.monitor;

import dev.nsmon.event.NamespaceEvent.EventsLost;
import dev.nsmon.event.NamespaceEvent.Sighting;
import dev.nsmon.event.Source;
import dev.nsmon.namespace.Snapshot;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// What looks have missed: how many namespaces began and ended between them. The kernel numbers all
/// that are born; those that no look has shown were not seen.
final class Unseen {
  private final Supplier<OptionalLong> births;
  private final LongSupplier seenBorn;
  private OptionalLong born = OptionalLong.empty();
  private long told;

  /// @param births how many namespaces were born since it was called first; empty if unknown
  /// @param seenBorn how many of those scans have shown
  Unseen(Supplier<OptionalLong> births, LongSupplier seenBorn) {
    this.births = births;
    this.seenBorn = seenBorn;
  }

  /// A look is about to begin: who is born after this may be seen by it, and need not be.
  void count() {
    born = births.get();
  }

  /// What to tell after the look, if there is something.
  ///
  /// A namespace that a look can't show at once, because only a descriptor holds it, counts as
  /// unseen until it is found; what is found then is taken off what is told later.
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
