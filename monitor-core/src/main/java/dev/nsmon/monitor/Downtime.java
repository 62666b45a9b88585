package dev.nsmon.monitor;

import dev.nsmon.event.NamespaceEvent.EventsLost;
import dev.nsmon.event.NamespaceEvent.Sighting;
import dev.nsmon.event.Source;
import dev.nsmon.namespace.Namespace;
import dev.nsmon.namespace.Snapshot;
import dev.nsmon.procfs.BirthIds;
import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/// What nobody saw while no monitor ran: the namespaces that began and ended in that time.
final class Downtime {
  private Downtime() {}

  /// What to tell of it; empty if nothing was missed.
  ///
  /// @param ids those of the start, before the first look; empty if the kernel gives none
  static Optional<EventsLost> lost(Earlier earlier, Optional<BirthIds> ids, Snapshot first) {
    OptionalLong count = count(earlier, ids, first);
    if (count.isPresent() && count.getAsLong() <= 0) {
      return Optional.empty();
    }
    return Optional.of(
        new EventsLost(
            new Sighting(first.time(), Optional.of(earlier.snapshot().time()), Source.POLL),
            EventsLost.Where.RESTART,
            OptionalLong.empty(),
            OptionalLong.empty(),
            count));
  }

  /// Empty if the earlier run did not end in order, the host was booted since, or the kernel does
  /// not number namespaces.
  private static OptionalLong count(Earlier earlier, Optional<BirthIds> ids, Snapshot first) {
    if (earlier.earlierBoot().isPresent() || earlier.born().isEmpty() || ids.isEmpty()) {
      return OptionalLong.empty();
    }
    OptionalLong born = earlier.born().get().until(ids.get());
    if (born.isEmpty()) {
      return born;
    }
    Set<String> before = new HashSet<>();
    earlier.snapshot().namespaces().forEach(one -> before.add(one.key()));
    long seen = 0;
    for (Namespace namespace : first.namespaces()) {
      boolean isNew =
          namespace.id() >= 0
              && !before.contains(namespace.key())
              && earlier.born().get().isBetween(namespace.id(), ids.get());
      seen += isNew ? 1 : 0;
    }
    return OptionalLong.of(born.getAsLong() - seen);
  }
}
