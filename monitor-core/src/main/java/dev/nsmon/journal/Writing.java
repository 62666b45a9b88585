package dev.nsmon.journal;

import dev.nsmon.log.Entry;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/// Writes the events of the log to one open file. At a low rate it commits each batch at once, at a
/// high rate several batches together. Committed data is on the disk within about 200 ms.
///
/// A commit does not wait for the disk. Committed events survive the end of the monitor, but not a
/// failure of the machine before the next sync.
///
/// Any fault ends it with an exception. The entries that are not committed are then in the group
/// that its creator passed. Used by the writer's thread.
final class Writing {
  private static final int BATCH = 1024;
  private static final long COMMIT_NANOS = 5_000_000;
  private static final long SYNC_NANOS = 200_000_000;
  private static final long TICK_NANOS = 1_000_000_000;
  private static final long LOOKED_NANOS = 10_000_000_000L;
  private static final Duration LAST_STATE = Duration.ofSeconds(2);

  private final Means means;
  private final Database database;
  private final Retention retention;
  private final List<Entry> group;
  private final CountDownLatch closing;
  private boolean inTransaction;
  private long groupBytes;
  private long commitNanos;
  private long tickNanos;
  private long lookedNanos;

  /// Time of the first commit since the last sync, in nanoseconds; 0 if there is none. Set by
  /// [#commit], cleared by [#sync].
  private long unsyncedNanos;

  /// True while a checkpoint is due at once. Cleared by [#commit] when it has written one.
  private boolean wantsState;

  /// @param group entries that are not in a file yet; [#commit] clears it
  /// @param closing is 0 after [Writer#close]
  /// @param wantsState whether a checkpoint is due
  Writing(
      Means means, Database database, List<Entry> group, CountDownLatch closing, boolean wantsState)
      throws SQLException {
    this.means = means;
    this.database = database;
    this.retention = new Retention(database, means.settings(), means.clock()::nanoTime);
    this.group = group;
    this.closing = closing;
    this.wantsState = wantsState;
    this.commitNanos = means.clock().nanoTime();
    this.tickNanos = commitNanos;
    this.lookedNanos = commitNanos - LOOKED_NANOS;
  }

  /// Writes the entries of an earlier transaction that failed.
  void begin(boolean includeInitial) throws SQLException, IOException {
    open();
    database.runs().note("initial", includeInitial ? 1 : 0);
    // A commit that reported an error may have succeeded.
    group.removeIf(entry -> entry.seq() <= database.last());
    groupBytes = database.insert(group, means.encoder());
    commit();
  }

  /// Writes events until [Writer#close] is called and all events are written. After the end of the
  /// log, sinks may still set their cursors.
  void follow() throws SQLException, IOException, InterruptedException {
    while (true) {
      Optional<List<Entry>> taken = rest(patience -> means.cursor().take(BATCH, patience));
      boolean isDrained = taken.isEmpty();
      if (!isDrained && !taken.get().isEmpty()) {
        // Before the insert, so that the entries are in the group if it fails.
        group.addAll(taken.get());
        if (!inTransaction) {
          open();
        }
        groupBytes += insert(taken.get());
      } else {
        isDrained |= closing.getCount() == 0;
      }
      long now = means.clock().nanoTime();
      if (inTransaction
          && (isDrained
              || now - commitNanos >= COMMIT_NANOS
              || groupBytes >= Retention.groupBytes(means.settings()))) {
        commit();
      }
      chores();
      recover();
      if (isDrained && rest(patience -> means.clock().await(closing, patience))) {
        return;
      }
    }
  }

  private interface Wait<T> {
    T upTo(Duration patience) throws InterruptedException;
  }

  /// Waits with this call, at most until the next work is due.
  private <T> T rest(Wait<T> wait) throws InterruptedException {
    Duration patience = Duration.ofNanos(Math.max(0, patience()));
    means.pulse().ends();
    T result = wait.upTo(patience);
    means.pulse().begins();
    return result;
  }

  /// Reports that the disk answers again, if it did not. Readers then wait for the journal again.
  private void recover() {
    if (means.pulse().recovers()) {
      if (!inTransaction) {
        means.log().keptBelow(means.cursor().position());
      }
      means.opener().say("works again");
    }
  }

  private long insert(List<Entry> entries) throws SQLException, InterruptedException {
    RecordEncoder.Ahead ahead = means.encoder().begin(entries);
    List<Entry> first = entries.subList(0, ahead.begin());
    long bytes = database.insert(first, means.encoder());
    ahead.await();
    return bytes + database.insert(entries.subList(first.size(), entries.size()), means.encoder());
  }

  private void open() throws SQLException {
    database.begin();
    inTransaction = true;
  }

  /// Time until the next commit, sync or tick is due, in nanoseconds; 0 or less if one is due now.
  private long patience() {
    long now = means.clock().nanoTime();
    if (inTransaction) {
      return commitNanos + COMMIT_NANOS - now;
    }
    if (closing.getCount() == 0) {
      return 0;
    }
    long tick = tickNanos + TICK_NANOS - now;
    return unsyncedNanos == 0 ? tick : Math.min(tick, unsyncedNanos + SYNC_NANOS - now);
  }

  /// Commits the open transaction. Before that, it adds cursors, a checkpoint and the time of the
  /// last scan, if there are new ones.
  private void commit() throws SQLException, IOException {
    if (means.notes().hasCursors()) {
      writeCursors();
    }
    Checkpoint state = means.states().take(database.last());
    if (state != null) {
      retention.checkpointed(database.writeCheckpoint(state));
      wantsState = false;
    }
    if (isLookDue()) {
      database.runs().note("looked", Rows.micros(means.notes().looked()));
      lookedNanos = means.clock().nanoTime();
    }
    database.commit();
    inTransaction = false;
    group.clear();
    groupBytes = 0;
    commitNanos = means.clock().nanoTime();
    if (unsyncedNanos == 0) {
      unsyncedNanos = commitNanos;
    }
    long next = means.cursor().position();
    // The lock file has this key too, so that the next start detects a file that lost its end.
    noteUsed(next);
    means.log().keptBelow(next);
    retention.makeRoom();
  }

  private void writeCursors() throws SQLException {
    CursorTable.write(database.connection(), means.notes().takeCursors(database.stream()));
  }

  private void noteUsed(long next) throws IOException {
    long key = database.stream().key(next);
    means.opener().usedBelow(key, key);
  }

  private boolean isLookDue() {
    return means.clock().nanoTime() - lookedNanos >= LOOKED_NANOS
        && means.notes().looked().isAfter(Instant.EPOCH);
  }

  private void chores() throws SQLException, IOException {
    long now = means.clock().nanoTime();
    if (unsyncedNanos != 0 && now - unsyncedNanos >= SYNC_NANOS && !inTransaction) {
      if (means.notes().hasCursors()) {
        open();
        commit();
      }
      sync();
    }
    if (now - tickNanos >= TICK_NANOS && !inTransaction) {
      tickNanos = now;
      tick();
    }
    means
        .states()
        .consider(means.cursor().position() - 1, wantsState || retention.wantsCheckpoint());
  }

  private void sync() throws SQLException, IOException {
    database.sync();
    unsyncedNanos = 0;
    if (database.walBytes() > 4L * Retention.walPages(means.settings()) * Schema.PAGE_BYTES) {
      // Readers, one after the other, have prevented SQLite from starting the log anew.
      means.pool().alone(database::emptyWal);
    }
  }

  private void tick() throws SQLException, IOException {
    if (means.pool().damage().isPresent()) {
      throw means.pool().damage().get();
    }
    database.checkThatItIsThere();
    means.opener().measure();
    retention.age(means.clock().instant());
    if (means.notes().hasCursors() || isLookDue()) {
      open();
      commit();
    }
  }

  /// Writes the final checkpoint and the orderly end of the run. Called when all events are
  /// written.
  void finish() throws SQLException, IOException, InterruptedException {
    Checkpoint state = means.states().takeLast(database.last(), LAST_STATE);
    database.begin();
    if (state != null) {
      long _ = database.writeCheckpoint(state);
    }
    if (means.notes().looked().isAfter(Instant.EPOCH)) {
      database.runs().note("looked", Rows.micros(means.notes().looked()));
    }
    writeCursors();
    database.runs().note("ended", Rows.micros(means.clock().instant()));
    if (means.notes().born().isPresent()) {
      database.runs().noteBorn(means.notes().born().get());
    }
    database.commit();
    noteUsed(means.cursor().position());
    means.pool().alone(database::emptyWal);
  }
}
