package dev.nsmon.journal;

import java.sql.SQLException;
import java.time.Instant;
import java.util.function.LongSupplier;

/// Deletes old events so that the journal stays within its size and age limits. Deletes them in
/// small pieces. Used by the writer's thread.
///
/// The file does not shrink, because SQLite reuses the space of deleted rows. It grows up to its
/// limit and stays at that size.
final class Retention {
  /// Events per transaction that deletes: a few milliseconds of work.
  private static final int PIECE = 2000;

  /// Time after which a call does not begin another piece, in nanoseconds.
  private static final long NANOS_AT_ONCE = 20_000_000;

  private final Database database;
  private final LongSupplier nanoTime;
  private final long mostPages;
  private final long freePages;
  private final long maxAgeMicros;
  private long oldest;
  private long newestCheckpoint;

  /// @param nanoTime monotonic time in nanoseconds, which limits how long a call may take
  Retention(Database database, JournalSettings settings, LongSupplier nanoTime)
      throws SQLException {
    this.database = database;
    this.nanoTime = nanoTime;
    long pages = settings.maxBytes() / Schema.PAGE_BYTES;
    // The write-ahead log is checkpointed at walPages, and grows further until that is done.
    this.mostPages = pages - 3L * walPages(settings);
    this.freePages = Math.min(512, walPages(settings));
    this.maxAgeMicros = settings.maxAge().toNanos() / 1000;
    this.oldest = database.number("SELECT min(seq) FROM events");
    this.newestCheckpoint = database.number("SELECT max(seq) FROM checkpoints");
  }

  /// The length of the write-ahead log, in pages, at which SQLite checkpoints it.
  static int walPages(JournalSettings settings) {
    return Math.clamp(settings.maxBytes() / 8, 256 * 1024, 16 << 20) / Schema.PAGE_BYTES;
  }

  /// The size of a transaction's records, in bytes, at which the writer commits it.
  static long groupBytes(JournalSettings settings) {
    return Math.min(2 << 20, walPages(settings) * (long) Schema.PAGE_BYTES / 2);
  }

  /// Called after a checkpoint was written.
  ///
  /// @param key key of the checkpoint
  void checkpointed(long key) {
    newestCheckpoint = key;
  }

  /// True if the file has no room for the next transaction.
  private boolean isFull() throws SQLException {
    long pages = database.number("PRAGMA page_count");
    return pages + freePages > mostPages
        && mostPages - pages + database.number("PRAGMA freelist_count") < freePages;
  }

  /// True if retention needs a newer checkpoint before it can delete more events.
  boolean wantsCheckpoint() {
    return oldest != 0
        && newestCheckpoint < oldest + 2L * PIECE
        && database.lastKey() > oldest + 4L * PIECE;
  }

  /// Deletes the oldest events if the file has no room for the next transaction. Called outside of
  /// a transaction. Deletes at least one piece, even if the machine is so busy that the time limit
  /// has passed already. A piece has more records than most transactions.
  void makeRoom() throws SQLException {
    long began = nanoTime.getAsLong();
    boolean isFull = isFull();
    while (isFull && delete(oldest() + PIECE)) {
      isFull = nanoTime.getAsLong() - began < NANOS_AT_ONCE && isFull();
    }
  }

  /// Deletes some of the events that exceed the age limit. Called outside of a transaction. Deletes
  /// only events that the newest checkpoint includes, so that the current state can be derived from
  /// the rest.
  void age(Instant now) throws SQLException {
    long began = nanoTime.getAsLong();
    boolean isMore = oldest() != 0;
    while (isMore && nanoTime.getAsLong() - began < NANOS_AT_ONCE) {
      isMore = agePiece(Rows.micros(now) - maxAgeMicros);
    }
  }

  private boolean agePiece(long until) throws SQLException {
    long end = oldest + PIECE;
    long young =
        database.number(
            "SELECT min(seq) FROM events WHERE time >= "
                + until
                + " AND seq >= "
                + oldest
                + " AND seq < "
                + end);
    long below = Math.min(young == 0 ? end : young, newestCheckpoint + 1);
    return below > oldest && delete(below) && below == end;
  }

  private long oldest() throws SQLException {
    if (oldest == 0) {
      oldest = database.number("SELECT min(seq) FROM events");
    }
    return oldest;
  }

  /// Deletes the events below this key, and the rows of other tables that only they needed. The
  /// last event always stays, because it determines the next key. Returns true if events were
  /// deleted.
  private boolean delete(long wanted) throws SQLException {
    long below = Math.min(wanted, database.lastKey());
    database.begin();
    int deleted = database.update("DELETE FROM events WHERE seq < " + below);
    oldest = database.number("SELECT min(seq) FROM events");
    database.update(
        "DELETE FROM checkpoints WHERE seq < "
            + (oldest - 1)
            + " AND seq < (SELECT max(seq) FROM checkpoints)");
    database.update("DELETE FROM turns WHERE seq <= " + oldest);
    database.update(
        "DELETE FROM runs WHERE run < (SELECT max(run) FROM runs WHERE first_seq <= "
            + oldest
            + ") AND run < (SELECT coalesce(min(run), 0) FROM checkpoints)");
    long first = database.streams().of(oldest).first();
    database.update("DELETE FROM streams WHERE first < " + first);
    database.update("DELETE FROM cursors WHERE first < " + first);
    database.commit();
    return deleted > 0;
  }
}
