package dev.nsmon.monitor;

import dev.nsmon.event.NamespaceEvent.EventsLost;
import dev.nsmon.event.NamespaceEvent.Sighting;
import dev.nsmon.event.Source;
import dev.nsmon.namespace.Snapshot;
import dev.nsmon.procfs.ProcScanner;
import java.util.Optional;
import java.util.OptionalLong;

/// What looks have missed: how many namespaces began and ended between them. The kernel numbers all
/// that are born; those that no look has shown were not seen.
final class Unseen {
  private final ProcScanner scanner;
  private OptionalLong born = OptionalLong.empty();
  private long told;

  Unseen(ProcScanner scanner) {
    this.scanner = scanner;
  }

  /// A look is about to begin: who is born after this may be seen by it, and need not be.
  void count() {
    born = scanner.births();
  }

  /// What to tell after the look, if there is something.
  ///
  /// A namespace that a look can't show at once, because only a descriptor holds it, counts as
  /// unseen until it is found; what is found then is taken off what is told later.
  Optional<EventsLost> tell(Snapshot look, Snapshot before) {
    long unseen = born.orElse(0) - scanner.seenBorn();
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
