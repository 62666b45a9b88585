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

/// Computes the loss of a restart: how many namespaces began and ended while no monitor ran.
final class Downtime {
  private Downtime() {}

  /// Returns the `events-lost` record that precedes the events of the first scan. Empty if no
  /// namespace was missed. The record has no count if the number is unknown.
  ///
  /// @param ids the kernel's ids at the start of this run, read before the first scan; empty if
  ///   they can't be read
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

  /// The namespaces that were born while no monitor ran, less those that the first scan shows.
  /// Empty if the earlier run did not end in order, or if the host was booted since. Also empty if
  /// ids can't be read, or if a CPU has gone offline since.
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
