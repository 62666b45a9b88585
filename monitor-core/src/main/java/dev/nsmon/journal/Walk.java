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

/// Goes through the events of a time, in the order of their keys. Used by one thread, once.
final class Walk {
  private static final int BATCH = 512;

  private final Connection connection;
  private final Rows rows;
  private final Times times;
  private final Unused unused;
  private final Instant since;
  private final Instant until;

  /// The last time that an event of the time wanted can come after, where clocks were not set.
  private final Instant end;

  private final JournalReader.Taker taker;

  /// @param since the first that is wanted
  /// @param until the first that is wanted no more
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

  /// Hands out all of them, or as many as are wanted. What is missing in between is an
  /// `events-lost`.
  void run() throws SQLException, IOException {
    Instant early = since.isAfter(Instant.EPOCH) ? since.minus(Times.DISORDER) : since;
    long before = 0;
    try (PreparedStatement select = connection.prepareStatement(Rows.READ);
        Statement sql = connection.createStatement()) {
      for (Times.Piece piece : times.pieces()) {
        long from = times.firstSince(piece, early);
        // Nothing is missing where something is passed over.
        OptionalLong last = piece(piece, from, from == piece.first() ? before : 0, select, sql);
        if (last.isEmpty()) {
          return;
        }
        before = last.getAsLong();
      }
    }
  }

  /// Those of one piece.
  ///
  /// @param last the key before, if it was read; else 0
  /// @return the key of the last, if the piece was read to its end, else 0; empty if no more are
  ///   wanted
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

  /// Rows from this key on, with the streams as they are then: another monitor may add one.
  private List<Row> batch(long from, PreparedStatement select, Statement sql)
      throws SQLException, JournalFault {
    sql.execute("BEGIN");
    try {
      return rows.read(select, from, BATCH, Streams.read(connection));
    } finally {
      sql.execute("COMMIT");
    }
  }

  /// Whether keys are missing between these two of one stream. An `events-lost` that was written
  /// down stands for the numbers before its own.
  ///
  /// @param before 0 if the one before was not read
  private static boolean isGap(long before, Row row) {
    boolean isLoss = row.entry().kind() == Kind.EVENTS_LOST && row.entry().json().isPresent();
    return before >= row.stream().first() && row.key() > before + 1 && !isLoss;
  }

  /// Whether more are wanted after what is missing before this row.
  ///
  /// @param first the first key that is missing
  private boolean tellGap(long first, Row row) throws IOException {
    long last = row.key() - 1;
    long count = last - first + 1 - unused.within(first, last);
    Streams.One of = row.stream();
    return count == 0
        || taker.take(
            of.stream(), Rows.lost(of.seq(first), of.seq(last), count, row.entry().time()));
  }
}
