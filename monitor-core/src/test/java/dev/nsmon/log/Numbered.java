package dev.nsmon.log;

import dev.nsmon.event.NamespaceEvent;
import dev.nsmon.event.NamespaceEvent.Created;
import dev.nsmon.event.NamespaceEvent.EventsLost;
import dev.nsmon.event.NamespaceEvent.Sighting;
import dev.nsmon.event.Source;
import dev.nsmon.namespace.Namespace;
import dev.nsmon.namespace.NamespaceType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Events that say which they are, and entries in a few words: `3=net:3`, `9=lost 4..9 (6)`.
final class Numbered {
  static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");

  private Numbered() {}

  /// The events that are to get these numbers; all have the same [Footprint].
  static List<NamespaceEvent> events(long first, long last) {
    List<NamespaceEvent> events = new ArrayList<>();
    for (long id = first; id <= last; id++) {
      events.add(event(id));
    }
    return events;
  }

  static NamespaceEvent event(long id) {
    return new Created(
        new Sighting(NOW, Optional.empty(), Source.POLL),
        new Namespace(
            NamespaceType.NET,
            4_026_532_177L,
            id,
            Namespace.keyOfId(NamespaceType.NET, id),
            false,
            "",
            "",
            -1,
            Optional.empty()),
        Optional.empty(),
        List.of());
  }

  static List<String> of(List<Entry> entries) {
    return entries.stream().map(Numbered::of).toList();
  }

  private static String of(Entry entry) {
    return entry.seq()
        + "="
        + switch (entry.event()) {
          case Created created -> created.namespace().key();
          case EventsLost lost ->
              "lost %d..%d (%d)"
                  .formatted(
                      lost.first().getAsLong(), lost.last().getAsLong(), lost.count().getAsLong());
          default -> throw new AssertionError(entry);
        };
  }
}
