package dev.nsmon.journal;

import dev.nsmon.event.NamespaceEvent.EventsLost;
import dev.nsmon.event.NamespaceEvent.Sighting;
import dev.nsmon.event.Source;
import dev.nsmon.format.Host;
import dev.nsmon.format.JsonFormat;
import dev.nsmon.log.Entry;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// The first key of a run, and the keys of earlier runs that the file lacks.
///
/// @param next the key that its first event gets: none that may have been used before
/// @param missing the first key that the file does not have, though it should
/// @param unused the first key after `missing` that was not used, as far as is known; `next` if
///   there is none
/// @param uncounted whether more keys than up to `unused` may have been used
record Numbering(long next, long missing, long unused, boolean uncounted) {
  /// Keys that may have been used and lost are skipped in this stride.
  static final long STRIDE = 100_000;

  /// What was noted beside the file of the keys that were used.
  ///
  /// @param below every key below this one may have been
  /// @param all below this one they all have been; not above `below`
  record Used(long below, long all) {
    /// Nothing was noted.
    static final Used UNKNOWN = new Used(0, 0);
  }

  /// The numbering of a run that appends to this file.
  static Numbering of(Database database, Rows rows, Used used, Host host) throws SQLException {
    long last =
        Math.max(
            Math.max(database.lastKey(), database.number("SELECT max(seq) FROM checkpoints")),
            Math.max(
                database.number("SELECT max(first_seq) - 1 FROM runs"),
                database.number("SELECT max(next) - 1 FROM cursors")));
    long next = last + 1;
    Optional<States.Run> before =
        new States(database.connection(), rows, database.streams()).runOf(Long.MAX_VALUE);
    if (before.isEmpty()) {
      return new Numbering(next, next, next, false);
    }
    boolean isUnclean =
        database.number("SELECT ended IS NULL FROM runs ORDER BY run DESC LIMIT 1") != 0;
    if (isUnclean && !host.bootId().equals(before.get().host().bootId())) {
      // The power may have failed before the last events were on the disk.
      next += STRIDE;
    }
    if (used.below() > last + 1) {
      next = Math.max(next, used.below() + STRIDE);
    }
    long known = Math.max(last + 1, used.all());
    return new Numbering(next, last + 1, known, used.below() > known);
  }

  /// Stores an `events-lost` for the events that the file lacks, and the range of numbers that are
  /// skipped. Both belong to the newest stream.
  ///
  /// @return the record that says so, if something is missing
  Optional<Entry> write(Database database, Host host, Instant now) throws SQLException {
    Streams.One stream = database.stream();
    OptionalLong none = OptionalLong.empty();
    boolean isMissing = unused > missing;
    long last = isMissing ? unused - 1 : next;
    if (!isMissing && !uncounted) {
      if (next > unused) {
        database.begin();
        Unused.write(database.connection(), unused, next - 1);
        database.commit();
      }
      return Optional.empty();
    }
    EventsLost lost =
        new EventsLost(
            new Sighting(now, Optional.empty(), Source.BASELINE),
            EventsLost.Where.LOG,
            isMissing ? OptionalLong.of(stream.seq(missing)) : none,
            isMissing ? OptionalLong.of(stream.seq(last)) : none,
            uncounted ? none : OptionalLong.of(last - missing + 1));
    Entry entry = new Entry(stream.seq(last), lost);
    database.begin();
    database.insert(List.of(entry), new RecordEncoder(new JsonFormat(host, stream.stream())));
    if (next > unused) {
      Unused.write(database.connection(), unused, next - 1);
    }
    database.commit();
    return Optional.of(entry);
  }

  /// The key of the first event after this record, which [#write] gave.
  long nextAfter(Optional<Entry> written, Streams.One stream) {
    return Math.max(next, written.map(one -> stream.key(one.seq()) + 1).orElse(0L));
  }
}
