package dev.nsmon.journal;

import dev.nsmon.journal.CursorTable.Cursor;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/// Values that other threads set and the writer stores. These are the cursors of sinks in the
/// running stream and in earlier ones, the time of the last scan, and the kernel's namespace ids.
/// Any thread.
final class Notes {
  /// Cursors in the running stream: by sink, the number of the next record. Kept apart from
  /// [#earlier], because the keys of the running stream are unknown until the file is open.
  private final Map<String, Long> cursors = new HashMap<>();

  /// Entries of [#cursors] that are to be stored. Cleared by [#takeCursors].
  private final Map<String, Long> unwritten = new HashMap<>();

  /// Cursors in earlier streams, by sink and stream.
  private final Map<Place, Cursor> earlier = new HashMap<>();

  /// Entries of [#earlier] that are to be stored. Cleared by [#takeCursors].
  private final Map<Place, Cursor> unwrittenEarlier = new HashMap<>();

  private Instant looked = Instant.EPOCH;
  private Optional<String> born = Optional.empty();

  private record Place(String name, long first) {}

  /// Adds the cursors that the file has. A cursor that is present already stays as it is.
  ///
  /// @param running the stream that the monitor appends to
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

  /// The sequence number of the next record for a sink in an earlier stream; empty if the sink has
  /// no cursor there.
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

  /// Takes the cursors that changed since the last call. After [#renew], takes all cursors.
  ///
  /// @param running the stream that the monitor appends to
  synchronized List<Cursor> takeCursors(Streams.One running) {
    List<Cursor> taken = new ArrayList<>(unwrittenEarlier.values());
    unwritten.forEach(
        (name, next) -> taken.add(new Cursor(name, running.first(), running.key(next))));
    unwritten.clear();
    unwrittenEarlier.clear();
    return taken;
  }

  /// Marks all cursors as changed. The writer calls it after it has opened a file again, because
  /// that file may lack cursors that were written before.
  synchronized void renew() {
    unwritten.putAll(cursors);
    unwrittenEarlier.putAll(earlier);
  }

  synchronized void born(String ids) {
    born = Optional.of(ids);
  }

  /// The kernel's namespace ids at the end of the run; empty until they are set.
  synchronized Optional<String> born() {
    return born;
  }

  synchronized void looked(Instant time) {
    looked = time;
  }

  /// The time of the last scan; the epoch before the first.
  synchronized Instant looked() {
    return looked;
  }
}
