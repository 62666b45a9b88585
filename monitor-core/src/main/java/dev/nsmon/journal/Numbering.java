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

/// The first key of a run, and the keys of earlier runs that are missing from the file.
///
/// @param next key of the first event of the run, higher than all keys that may have been used
/// @param missing the first key above all that the file contains or refers to
/// @param unused the first key from `missing` on that was not used, as far as is known; keys from
///   `missing` to before `unused` are lost
/// @param uncounted true if keys from `unused` on may have been used too, so that the number of
///   lost events is unknown
record Numbering(long next, long missing, long unused, boolean uncounted) {
  /// Number of keys to skip where an unknown number of keys may have been used and lost.
  static final long STRIDE = 100_000;

  /// The used keys, as the lock file of the journal stored them.
  ///
  /// @param below every key below this one may have been used
  /// @param all every key below this one was used; at most `below`
  record Used(long below, long all) {
    /// Nothing is known about used keys.
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
      // The host was restarted without an orderly end of the monitor. The last committed events may
      // not have reached the disk.
      next += STRIDE;
    }
    if (used.below() > last + 1) {
      next = Math.max(next, used.below() + STRIDE);
    }
    long known = Math.max(last + 1, used.all());
    return new Numbering(next, last + 1, known, used.below() > known);
  }

  /// Stores an `events-lost` for the events that the file lacks, and the range of keys that are
  /// skipped. Both belong to the newest stream.
  ///
  /// @return the stored `events-lost`; empty if no event is missing
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

  /// The key of the first event after the record that [#write] returned.
  long nextAfter(Optional<Entry> written, Streams.One stream) {
    return Math.max(next, written.map(one -> stream.key(one.seq()) + 1).orElse(0L));
  }
}
