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

/// Finds events by their time. There is no index of times, which would make the journal a tenth
/// larger: keys grow with time, so halving finds the place. Where somebody has set the clock back
/// they don't; the writer has noted each such turn, and between two of them no event is further
/// than [#DISORDER] behind one before it. Used by one thread at a time.
final class Times {
  /// What comes from several CPUs and sources is not quite in the order of its times.
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

  /// Events in whose order time does not go back: from a key up to another, which is not one of
  /// them.
  record Piece(long first, long end) {}

  /// An event's place.
  record Place(long key, Instant time) {}

  /// All pieces, in order; the last one has no end.
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

  /// The first event from this key on.
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

  /// A key of this piece that no event of this time or later is below, but for [#DISORDER]; the one
  /// after the last if all are earlier.
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

  /// The last event that is not after this time; empty if there is none. Of several times of the
  /// same name, the newest.
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
