package dev.nsmon.journal;

import dev.nsmon.format.JsonFormat;
import dev.nsmon.log.Entry;
import dev.nsmon.log.EventLog;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// The one thread that writes the journal: it follows the log and writes what comes, commits at
/// once while little does and in groups while much does, and has the disk hold it within a fifth of
/// a second. Commits themselves don't wait for the disk: they outlive the monitor, though not the
/// machine.
final class Writer implements Runnable {
  private static final int BATCH = 1024;
  private static final long COMMIT_NANOS = 5_000_000;
  private static final long SYNC_NANOS = 200_000_000;
  private static final long TICK_NANOS = 1_000_000_000;
  private static final long LOOKED_NANOS = 10_000_000_000L;
  private static final long RETRY_SECONDS = 5;
  private static final Duration LAST_STATE = Duration.ofSeconds(2);

  /// No monitor tells as many events between two tries.
  private static final long FAILING_STRIDE = 2_000_000;

  private final Opener opener;
  private final ReadPool pool;
  private final JournalSettings settings;
  private final InstantSource clock;
  private final EventLog log;
  private final EventLog.Cursor cursor;
  private final JsonFormat format;
  private final StateMaker states;
  private final Notes notes;
  private final boolean includeInitial;
  private final CountDownLatch closing = new CountDownLatch(1);

  /// Null while the journal fails, and while it is opened.
  private Database database;

  private Retention retention;

  /// What is in the open transaction, or was when it failed.
  private final List<Entry> group = new ArrayList<>();

  private boolean inTransaction;
  private long groupBytes;
  private long commitNanos = System.nanoTime();
  private long tickNanos = System.nanoTime();
  private long lookedNanos = System.nanoTime() - LOOKED_NANOS;

  /// When the first commit was made that the disk may not hold; 0 if there is none.
  private long unsyncedNanos;

  private boolean wantsState;
  private boolean refused;
  private long setAsideNanos = System.nanoTime() - TICK_NANOS * RETRY_SECONDS;
  private volatile boolean failing;

  Writer(
      Opener opener,
      ReadPool pool,
      JournalSettings settings,
      InstantSource clock,
      EventLog log,
      JsonFormat format,
      StateMaker states,
      Notes notes,
      boolean includeInitial,
      Database database) {
    this.opener = opener;
    this.pool = pool;
    this.settings = settings;
    this.clock = clock;
    this.log = log;
    this.cursor = log.unkept();
    this.format = format;
    this.states = states;
    this.notes = notes;
    this.includeInitial = includeInitial;
    this.database = database;
    this.failing = database == null;
  }

  boolean isFailing() {
    return failing;
  }

  /// Ends it: what has come is written first.
  void close() {
    closing.countDown();
  }

  @Override
  public void run() {
    try {
      boolean waits = failing;
      while (true) {
        boolean isLast = waits && closing.await(RETRY_SECONDS, TimeUnit.SECONDS);
        try {
          begin();
          follow();
          finish();
          return;
        } catch (SQLException e) {
          fault(JournalFault.of(e, settings.file()));
        } catch (IOException e) {
          fault(JournalFault.of(e, settings.file()));
        }
        if (isLast || refused) {
          return;
        }
        waits = failing;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      log.keptBelow(Long.MAX_VALUE);
      drop();
    }
  }

  private void begin() throws SQLException, IOException {
    if (database == null) {
      long next = group.isEmpty() ? cursor.position() : group.getFirst().seq();
      database = opener.reopen(log.stream(), next);
      notes.renew();
      wantsState = true;
    }
    retention = new Retention(database, settings);
    database.begin();
    inTransaction = true;
    database.note("initial", includeInitial ? 1 : 0);
    // A commit that failed may have been one all the same.
    group.removeIf(entry -> entry.seq() <= database.last());
    groupBytes = database.insert(group, format);
    commit();
    if (failing) {
      failing = false;
      opener.say("works again");
    }
  }

  private void follow() throws SQLException, IOException, InterruptedException {
    while (true) {
      Optional<List<Entry>> taken = cursor.take(BATCH, Duration.ofNanos(patience()));
      boolean isDrained = taken.isEmpty();
      if (!isDrained && !taken.get().isEmpty()) {
        if (!inTransaction) {
          database.begin();
          inTransaction = true;
        }
        group.addAll(taken.get());
        groupBytes += database.insert(taken.get(), format);
      } else {
        isDrained |= closing.getCount() == 0;
      }
      long now = System.nanoTime();
      if (inTransaction
          && (isDrained
              || now - commitNanos >= COMMIT_NANOS
              || groupBytes >= Retention.groupBytes(settings))) {
        commit();
      }
      chores();
      if (isDrained) {
        return;
      }
    }
  }

  /// How long nothing is due.
  private long patience() {
    long now = System.nanoTime();
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
    if (notes.hasCursors()) {
      database.writeCursors(notes.takeCursors());
    }
    Checkpoint state = states.take(database.last());
    if (state != null) {
      database.writeCheckpoint(state);
      retention.checkpointed(state.seq());
      wantsState = false;
    }
    long now = System.nanoTime();
    if (now - lookedNanos >= LOOKED_NANOS && notes.looked().isAfter(Instant.EPOCH)) {
      database.note("looked", Rows.micros(notes.looked()));
      lookedNanos = now;
    }
    database.commit();
    inTransaction = false;
    group.clear();
    groupBytes = 0;
    commitNanos = System.nanoTime();
    if (unsyncedNanos == 0) {
      unsyncedNanos = commitNanos;
    }
    // Noted apart from the file: so it is known of a file that loses its end.
    opener.usedBelow(cursor.position());
    log.keptBelow(cursor.position());
    retention.makeRoom();
  }

  private void chores() throws SQLException, IOException {
    long now = System.nanoTime();
    if (unsyncedNanos != 0 && now - unsyncedNanos >= SYNC_NANOS && !inTransaction) {
      if (notes.hasCursors()) {
        database.begin();
        commit();
      }
      sync();
    }
    if (now - tickNanos >= TICK_NANOS && !inTransaction) {
      tickNanos = now;
      tick(now);
    }
    states.consider(cursor.position() - 1, wantsState || retention.wantsCheckpoint());
  }

  private void sync() throws SQLException, IOException {
    database.sync();
    unsyncedNanos = 0;
    if (database.walBytes() > 4L * Retention.walPages(settings) * Schema.PAGE_BYTES) {
      // Readers have been in the way, one after the other, of its beginning anew.
      pool.alone(database::emptyWal);
    }
  }

  private void tick(long now) throws SQLException, IOException {
    if (pool.damage().isPresent()) {
      throw pool.damage().get();
    }
    if (!database.isThere()) {
      throw new JournalFault(JournalFault.Kind.CORRUPT, "was removed");
    }
    retention.age(clock.instant());
    if (notes.hasCursors()
        || (now - lookedNanos >= LOOKED_NANOS && notes.looked().isAfter(Instant.EPOCH))) {
      database.begin();
      commit();
    }
  }

  /// All is written: the end is noted.
  private void finish() throws SQLException, IOException, InterruptedException {
    Checkpoint state = states.takeLast(database.last(), LAST_STATE);
    database.begin();
    if (state != null) {
      database.writeCheckpoint(state);
    }
    if (notes.looked().isAfter(Instant.EPOCH)) {
      database.note("looked", Rows.micros(notes.looked()));
    }
    database.writeCursors(notes.takeCursors());
    database.note("ended", Rows.micros(clock.instant()));
    database.commit();
    opener.usedBelow(cursor.position());
    pool.alone(database::emptyWal);
  }

  private void fault(JournalFault fault) {
    try {
      boolean isSoon = System.nanoTime() - setAsideNanos < TimeUnit.SECONDS.toNanos(RETRY_SECONDS);
      if (fault.kind() == JournalFault.Kind.CORRUPT && !isSoon && database != null) {
        setAsideNanos = System.nanoTime();
        opener.setAside("corrupt", fault.getMessage());
        drop();
        return;
      }
    } catch (IOException e) {
      // Then it is like any other fault.
    }
    drop();
    if (fault.kind() == JournalFault.Kind.REFUSED) {
      refused = true;
      opener.say(fault.getMessage() + Journal.WITHOUT);
    } else if (!failing) {
      opener.say(fault.getMessage() + Journal.UNTIL);
    }
    failing = true;
    log.keptBelow(Long.MAX_VALUE);
    try {
      opener.usedBelow(log.nextSeq() + FAILING_STRIDE);
    } catch (IOException e) {
      // The same disk: nothing more can be done.
    }
  }

  private void drop() {
    inTransaction = false;
    if (database != null) {
      database.close();
      database = null;
    }
  }
}
