package dev.nsmon.journal;

import dev.nsmon.event.Kind;
import dev.nsmon.log.Entry;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;

/// Reads the events of a time range in the order of their keys. Used once, by one thread.
final class Walk {
  private static final int BATCH = 512;

  private final Connection connection;
  private final Rows rows;
  private final Times times;
  private final Unused unused;
  private final Instant since;
  private final Instant until;

  /// Reading of a piece stops at the first event after this time. It is [Times#DISORDER] after
  /// `until`, so no event of the range follows.
  private final Instant end;

  private final JournalReader.Taker taker;

  /// @param since start of the range, inclusive
  /// @param until end of the range, exclusive
  Walk(Connection connection, Rows rows, Instant since, Instant until, JournalReader.Taker taker)
      throws SQLException {
    this.connection = connection;
    this.rows = rows;
    this.times = new Times(connection);
    this.unused = Unused.read(connection);
    this.since = since;
    this.until = until;
    this.end =
        until.isBefore(Instant.MAX.minus(Times.DISORDER))
            ? until.plus(Times.DISORDER)
            : Instant.MAX;
    this.taker = taker;
  }

  /// Passes the events to the taker until the taker stops. A gap is passed as an `events-lost`.
  void run() throws SQLException, IOException {
    Instant early = since.isAfter(Instant.EPOCH) ? since.minus(Times.DISORDER) : since;
    long before = 0;
    try (PreparedStatement select = connection.prepareStatement(Rows.READ);
        Statement sql = connection.createStatement()) {
      for (Times.Piece piece : times.pieces()) {
        long from = times.firstSince(piece, early);
        // Keys that the search by time skips are not a gap.
        OptionalLong last = piece(piece, from, from == piece.first() ? before : 0, select, sql);
        if (last.isEmpty()) {
          return;
        }
        before = last.getAsLong();
      }
    }
  }

  /// Passes the events of one piece to the taker.
  ///
  /// @param last key of the event before the piece, if that event was read; else 0
  /// @return key of the last event if the piece was read to its end, else 0; empty if the taker
  ///   stopped
  private OptionalLong piece(
      Times.Piece piece, long begin, long last, PreparedStatement select, Statement sql)
      throws SQLException, IOException {
    long before = last;
    long next = begin;
    while (next < piece.end()) {
      List<Row> batch = batch(next, select, sql);
      for (Row row : batch) {
        if (row.key() >= piece.end()) {
          return OptionalLong.of(before);
        }
        Entry entry = row.entry();
        boolean isHarmed = entry.json().isEmpty();
        if (!isHarmed && entry.time().isAfter(end)) {
          return OptionalLong.of(0);
        }
        if (isGap(before, row) && !tellGap(before + 1, row)) {
          return OptionalLong.empty();
        }
        before = row.key();
        boolean isWithin = !entry.time().isBefore(since) && entry.time().isBefore(until);
        if ((isWithin || isHarmed) && !taker.take(row.stream().stream(), entry)) {
          return OptionalLong.empty();
        }
      }
      if (batch.isEmpty()) {
        return OptionalLong.of(before);
      }
      next = batch.getLast().key() + 1;
    }
    return OptionalLong.of(before);
  }

  /// Reads rows from this key on, and the streams in the same transaction. A monitor may append a
  /// stream meanwhile.
  private List<Row> batch(long from, PreparedStatement select, Statement sql)
      throws SQLException, JournalFault {
    sql.execute("BEGIN");
    try {
      return rows.read(select, from, BATCH, Streams.read(connection));
    } finally {
      sql.execute("COMMIT");
    }
  }

  /// True if keys are missing between two rows of one stream. A stored `events-lost` stands for the
  /// numbers before its own, so there is no gap before it.
  ///
  /// @param before the previous key; 0 if that row was not read
  private static boolean isGap(long before, Row row) {
    boolean isLoss = row.entry().kind() == Kind.EVENTS_LOST && row.entry().json().isPresent();
    return before >= row.stream().first() && row.key() > before + 1 && !isLoss;
  }

  /// Passes an `events-lost` for the missing keys before this row, unless all of them were skipped.
  /// Returns true if the taker continues.
  ///
  /// @param first the first missing key
  private boolean tellGap(long first, Row row) throws IOException {
    long last = row.key() - 1;
    long count = last - first + 1 - unused.within(first, last);
    Streams.One of = row.stream();
    return count == 0
        || taker.take(
            of.stream(), Rows.lost(of.seq(first), of.seq(last), count, row.entry().time()));
  }
}
