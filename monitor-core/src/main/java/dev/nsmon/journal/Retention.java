package dev.nsmon.journal;

import java.sql.SQLException;
import java.time.Instant;
import java.util.function.LongSupplier;

/// Keeps the journal below its size and its age, a piece at a time. Used by the writer's thread.
///
/// The space of what is deleted is used again: the file grows up to its limit and stays there.
final class Retention {
  /// Some milliseconds' work.
  private static final int PIECE = 2000;

  private static final long NANOS_AT_ONCE = 20_000_000;

  private final Database database;
  private final LongSupplier nanoTime;
  private final long mostPages;
  private final long freePages;
  private final long maxAgeMicros;
  private long oldest;
  private long newestCheckpoint;

  /// @param nanoTime monotonic time, which limits how long a call may take
  Retention(Database database, JournalSettings settings, LongSupplier nanoTime)
      throws SQLException {
    this.database = database;
    this.nanoTime = nanoTime;
    long pages = settings.maxBytes() / Schema.PAGE_BYTES;
    // The log of pages is put into the file once it is full, and what comes meanwhile adds to it.
    this.mostPages = pages - 3L * walPages(settings);
    this.freePages = Math.min(512, walPages(settings));
    this.maxAgeMicros = settings.maxAge().toNanos() / 1000;
    this.oldest = database.number("SELECT min(seq) FROM events");
    this.newestCheckpoint = database.number("SELECT max(seq) FROM checkpoints");
  }

  /// How many pages the log of pages may have before it is put into the file.
  static int walPages(JournalSettings settings) {
    return Math.clamp(settings.maxBytes() / 8, 256 * 1024, 16 << 20) / Schema.PAGE_BYTES;
  }

  /// How many bytes of records may be written at once.
  static long groupBytes(JournalSettings settings) {
    return Math.min(2 << 20, walPages(settings) * (long) Schema.PAGE_BYTES / 2);
  }

  /// @param key of a checkpoint that was written
  void checkpointed(long key) {
    newestCheckpoint = key;
  }

  /// Whether there is no room for the next group.
  private boolean isFull() throws SQLException {
    long pages = database.number("PRAGMA page_count");
    return pages + freePages > mostPages
        && mostPages - pages + database.number("PRAGMA freelist_count") < freePages;
  }

  /// Whether a newer checkpoint is wanted, so that more can be deleted.
  boolean wantsCheckpoint() {
    return oldest != 0
        && newestCheckpoint < oldest + 2L * PIECE
        && database.lastKey() > oldest + 4L * PIECE;
  }

  /// Makes room for the next group, outside of a transaction. Deletes a piece at least where there
  /// is none, also where the CPU is so busy that the time is over before it has begun: a piece has
  /// more records than most groups.
  void makeRoom() throws SQLException {
    long began = nanoTime.getAsLong();
    boolean isFull = isFull();
    while (isFull && delete(oldest() + PIECE)) {
      isFull = nanoTime.getAsLong() - began < NANOS_AT_ONCE && isFull();
    }
  }

  /// Deletes some of what is too old, outside of a transaction. Never more than what a checkpoint
  /// includes, so that the present state is known.
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

  /// Deletes the events below this key, and what only they needed. The last one always stays: it
  /// says which key comes next.
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
