package dev.nsmon.journal;

import dev.nsmon.log.Entry;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/// The writing of one open file: it follows the log and writes what comes, commits at once while
/// little does and in groups while much does, and has the disk hold it within a fifth of a second.
/// Commits themselves don't wait for the disk: they outlive the monitor, though not the machine.
///
/// Any fault ends it. What it had not committed then is in the group that it was given.
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

  /// When the first commit was made that the disk may not hold; 0 if there is none.
  private long unsyncedNanos;

  private boolean wantsState;

  /// @param group what is in no file yet
  /// @param closing is 0 when what has come is to be the last
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

  /// Writes what is in no file yet.
  void begin(boolean includeInitial) throws SQLException, IOException {
    open();
    database.runs().note("initial", includeInitial ? 1 : 0);
    // A commit that failed may have been one all the same.
    group.removeIf(entry -> entry.seq() <= database.last());
    groupBytes = database.insert(group, means.encoder());
    commit();
  }

  /// Until this is closed and all that has come is written. After the log's end, what others want
  /// noted may still come: where the sinks have got to.
  void follow() throws SQLException, IOException, InterruptedException {
    while (true) {
      Optional<List<Entry>> taken = rest(patience -> means.cursor().take(BATCH, patience));
      boolean isDrained = taken.isEmpty();
      if (!isDrained && !taken.get().isEmpty()) {
        // First, so that a fault from here on finds it there.
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

  /// Waits as long as nothing is due.
  private <T> T rest(Wait<T> wait) throws InterruptedException {
    Duration patience = Duration.ofNanos(Math.max(0, patience()));
    means.pulse().ends();
    T result = wait.upTo(patience);
    means.pulse().begins();
    return result;
  }

  /// The disk answers again, if it did not.
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

  /// How long nothing is due.
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

  /// Commits what is in the open transaction, and what others want noted with it.
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
    // Noted apart from the file: so it is known of a file that loses its end.
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
      // Readers have been in the way, one after the other, of its beginning anew.
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

  /// All is written: the end is noted.
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
