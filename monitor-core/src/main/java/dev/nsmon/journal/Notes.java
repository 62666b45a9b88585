package dev.nsmon.journal;

import dev.nsmon.journal.CursorTable.Cursor;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/// Values that other threads set and the writer stores with its next transaction: the cursors of
/// sinks, in the running stream and in earlier ones, and the time of the last scan.
final class Notes {
  /// Cursors in the running stream: by sink, the number of the next record. Kept apart from
  /// [#earlier], because the stream's place in the file is unknown until the file is open.
  private final Map<String, Long> cursors = new HashMap<>();

  private final Map<String, Long> unwritten = new HashMap<>();

  /// Cursors in earlier streams.
  private final Map<Place, Cursor> earlier = new HashMap<>();

  private final Map<Place, Cursor> unwrittenEarlier = new HashMap<>();
  private Instant looked = Instant.EPOCH;
  private Optional<String> born = Optional.empty();

  private record Place(String name, long first) {}

  /// What the file says.
  ///
  /// @param running the stream that grows
  synchronized void restore(List<Cursor> written, Streams.One running) {
    for (Cursor one : written) {
      if (one.first() == running.first()) {
        cursors.putIfAbsent(one.name(), running.seq(one.next()));
      } else {
        earlier.putIfAbsent(new Place(one.name(), one.first()), one);
      }
    }
  }

  synchronized OptionalLong cursor(String name) {
    Long next = cursors.get(name);
    return next == null ? OptionalLong.empty() : OptionalLong.of(next);
  }

  synchronized void cursor(String name, long next) {
    Long before = cursors.put(name, next);
    if (before == null || before != next) {
      unwritten.put(name, next);
    }
  }

  /// Where a sink is to go on in an earlier stream; empty if it has never said.
  synchronized OptionalLong cursor(String name, Streams.One of) {
    Cursor cursor = earlier.get(new Place(name, of.first()));
    return cursor == null ? OptionalLong.empty() : OptionalLong.of(of.seq(cursor.next()));
  }

  synchronized void cursor(String name, Streams.One of, long next) {
    Cursor cursor = new Cursor(name, of.first(), of.key(next));
    Place place = new Place(name, of.first());
    if (!cursor.equals(earlier.put(place, cursor))) {
      unwrittenEarlier.put(place, cursor);
    }
  }

  synchronized boolean hasCursors() {
    return !unwritten.isEmpty() || !unwrittenEarlier.isEmpty();
  }

  /// The cursors that have moved since they were last taken.
  ///
  /// @param running the stream that grows
  synchronized List<Cursor> takeCursors(Streams.One running) {
    List<Cursor> taken = new ArrayList<>(unwrittenEarlier.values());
    unwritten.forEach(
        (name, next) -> taken.add(new Cursor(name, running.first(), running.key(next))));
    unwritten.clear();
    unwrittenEarlier.clear();
    return taken;
  }

  /// The next taking takes all: what was written may not be there any more.
  synchronized void renew() {
    unwritten.putAll(cursors);
    unwrittenEarlier.putAll(earlier);
  }

  synchronized void born(String ids) {
    born = Optional.of(ids);
  }

  /// The kernel's ids at the end of the run, once they are known.
  synchronized Optional<String> born() {
    return born;
  }

  synchronized void looked(Instant time) {
    looked = time;
  }

  /// When the last look was; the epoch before the first.
  synchronized Instant looked() {
    return looked;
  }
}
