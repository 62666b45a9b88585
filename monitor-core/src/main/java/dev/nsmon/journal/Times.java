package dev.nsmon.journal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Finds events by time with a binary search over keys. There is no index on time, because it would
/// make the journal a tenth larger.
///
/// Times grow with the keys, except where the clock was set back. The writer stores the key of each
/// such event in the table `turns`. Between two such keys, no event is more than [#DISORDER]
/// earlier than one before it. Used by one thread at a time.
final class Times {
  /// How far an event may be earlier than one with a lower key. Events from several CPUs and
  /// sources are not in the exact order of their times.
  static final Duration DISORDER = Duration.ofMinutes(1);

  static final long DISORDER_MICROS = DISORDER.toNanos() / 1000;

  private final Connection connection;
  private final PreparedStatement next;
  private final PreparedStatement before;

  Times(Connection connection) throws SQLException {
    this.connection = connection;
    this.next =
        connection.prepareStatement(
            "SELECT seq, time FROM events WHERE seq >= ? ORDER BY seq LIMIT 1");
    this.before =
        connection.prepareStatement(
            "SELECT seq, time FROM events WHERE seq < ? ORDER BY seq DESC LIMIT 1");
  }

  /// A range of keys without a row of `turns` inside it. `end` is exclusive.
  record Piece(long first, long end) {}

  /// The key and time of an event.
  record Place(long key, Instant time) {}

  /// All pieces in order. The last one ends with [Long#MAX_VALUE].
  List<Piece> pieces() throws SQLException {
    List<Piece> pieces = new ArrayList<>();
    long first = Schema.number(connection, "SELECT min(seq) FROM events");
    try (Statement sql = connection.createStatement();
        ResultSet row = sql.executeQuery("SELECT seq FROM turns ORDER BY seq")) {
      while (row.next()) {
        if (row.getLong(1) > first) {
          pieces.add(new Piece(first, row.getLong(1)));
          first = row.getLong(1);
        }
      }
    }
    pieces.add(new Piece(first, Long.MAX_VALUE));
    return pieces;
  }

  /// The first event from this key on; empty if there is none.
  Optional<Place> next(long from) throws SQLException {
    return place(next, from);
  }

  private static Optional<Place> place(PreparedStatement select, long key) throws SQLException {
    select.setLong(1, key);
    try (ResultSet row = select.executeQuery()) {
      return row.next()
          ? Optional.of(new Place(row.getLong(1), Rows.time(row.getLong(2))))
          : Optional.empty();
    }
  }

  /// The key in this piece from which events have this time or a later one, within a tolerance of
  /// [#DISORDER]. The key after the last event if all are earlier.
  long firstSince(Piece piece, Instant since) throws SQLException {
    long low = piece.first();
    long high = Math.min(piece.end(), last() + 1);
    while (low < high) {
      long middle = low + (high - low) / 2;
      Optional<Place> probed = next(middle);
      if (probed.isEmpty() || probed.get().key() >= high || !probed.get().time().isBefore(since)) {
        high = middle;
      } else {
        low = probed.get().key() + 1;
      }
    }
    return low;
  }

  private long last() throws SQLException {
    return Schema.number(connection, "SELECT max(seq) FROM events");
  }

  /// The last event at or before this time; empty if there is none. If the clock was set back, the
  /// same time may occur more than once. Then the newest occurrence counts.
  Optional<Place> lastAt(Instant at) throws SQLException {
    Optional<Place> found = Optional.empty();
    for (Piece piece : pieces().reversed()) {
      long after = firstSince(piece, at.plusNanos(1000));
      Optional<Place> last = after > piece.first() ? place(before, after) : Optional.empty();
      boolean isWithin = after < Math.min(piece.end(), last() + 1);
      if (last.isPresent() && (isWithin || found.isEmpty())) {
        found = last;
      }
      if (last.isPresent() && isWithin) {
        return found;
      }
    }
    return found;
  }
}
