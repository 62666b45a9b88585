package dev.nsmon.log;

import dev.nsmon.event.NamespaceEvent;
import dev.nsmon.event.NamespaceEvent.EventsLost;
import dev.nsmon.log.EventLog.Cursor;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// What a cursor was handed, in a few words, so that it can be an outcome: `1-2-3`, `lost(1..2)-3`,
/// `none` if nothing has come, `end` if the log is closed and read to its end.
final class Taken {
  static final InstantSource CLOCK = InstantSource.fixed(Numbered.NOW);

  private static final int ALL = 100;

  private Taken() {}

  /// A batch of one.
  static List<NamespaceEvent> event(long id) {
    return List.of(Numbered.event(id));
  }

  /// A log that has room for so many events.
  static EventLog logOf(int events) {
    return new EventLog("stream", events * Footprint.of(Numbered.event(1)), CLOCK);
  }

  /// All that is there, without waiting.
  static String now(Cursor cursor) {
    return of(cursor, Duration.ZERO);
  }

  /// What comes first, however long that takes.
  static String waiting(Cursor cursor) {
    return of(cursor, Duration.ofDays(1));
  }

  private static String of(Cursor cursor, Duration patience) {
    try {
      return of(cursor.take(ALL, patience));
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts an actor", e);
    }
  }

  private static String of(Optional<List<Entry>> taken) {
    if (taken.isEmpty()) {
      return "end";
    }
    return taken.get().isEmpty()
        ? "none"
        : taken.get().stream().map(Taken::of).collect(Collectors.joining("-"));
  }

  private static String of(Entry entry) {
    return entry.event() instanceof EventsLost lost
        ? "lost(" + lost.first().getAsLong() + ".." + lost.last().getAsLong() + ")"
        : "" + entry.seq();
  }
}
