package dev.nsmon.journal;

import dev.nsmon.format.Host;
import dev.nsmon.log.Entry;
import dev.nsmon.namespace.HostClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// Opens the journal's file, at first and again after a fault, and sets it aside where it can't be
/// trusted. Used by one thread at a time.
final class Opener implements AutoCloseable {
  /// Numbers that may have been used and lost are skipped in this stride.
  static final long STRIDE = 100_000;

  private static final Duration LOCK_PATIENCE = Duration.ofSeconds(2);

  private final JournalSettings settings;
  private final Path file;
  private final Host host;
  private final HostClock clock;
  private final Consumer<String> remarks;
  private final Rows rows;
  private final ReadPool pool;
  private JournalLock lock;
  private boolean setAside;

  /// The file that has a row of this run, and the number of that row.
  private Object runIn;

  private long run;

  Opener(
      JournalSettings settings,
      Host host,
      HostClock clock,
      Consumer<String> remarks,
      ReadPool pool) {
    this.settings = settings;
    this.file = settings.file();
    this.host = host;
    this.clock = clock;
    this.remarks = remarks;
    this.rows = new Rows(clock);
    this.pool = pool;
  }

  /// Whether a file was set aside.
  boolean wasSetAside() {
    return setAside;
  }

  /// Takes the file for this process and opens it.
  ///
  /// @param stream of a journal that is made now
  Database open(String stream) throws JournalFault {
    try {
      prepare();
      Database database;
      try {
        database = Database.open(file, Retention.walPages(settings), rows, stream);
        checkEnd(database);
      } catch (JournalFault e) {
        if (e.kind() != JournalFault.Kind.CORRUPT) {
          throw e;
        }
        setAside("corrupt", e.getMessage());
        database = Database.open(file, Retention.walPages(settings), rows, stream);
      }
      pool.open();
      return database;
    } catch (IOException e) {
      throw JournalFault.of(e, file);
    }
  }

  private void prepare() throws IOException {
    Connections.loadNative();
    JournalFile.makeParents(file);
    if (lock == null) {
      JournalFile.refuseStranger(file);
      lock = JournalLock.take(file, LOCK_PATIENCE, clock);
    }
  }

  /// The same for a journal that goes on: a file of another stream is not continued.
  ///
  /// @param next the first number that is not written
  Database reopen(String stream, long next) throws JournalFault {
    Database database = open(stream);
    try {
      if (!database.stream().equals(stream)) {
        database.close();
        setAside("before", "has another stream than this monitor");
        database = open(stream);
      }
      beginRun(database, next);
      return database;
    } catch (JournalFault e) {
      database.close();
      throw e;
    } catch (IOException e) {
      database.close();
      throw JournalFault.of(e, file);
    } catch (SQLException e) {
      database.close();
      throw JournalFault.of(e, file);
    }
  }

  /// Where a run of damage has reached the last row, its number is only believed if it is near the
  /// one that was noted beside the file.
  private void checkEnd(Database database) throws JournalFault {
    try (PreparedStatement select = database.connection().prepareStatement(Rows.READ)) {
      if (database.last() == 0) {
        return;
      }
      List<Entry> last = rows.read(select, database.last(), 1);
      boolean isHarmed = last.isEmpty() || last.getFirst().json().isEmpty();
      if (isHarmed && Math.abs(database.last() + 1 - lock.usedBefore()) > 2 * STRIDE) {
        throw new JournalFault(JournalFault.Kind.CORRUPT, "is damaged (at its end)");
      }
    } catch (SQLException e) {
      database.close();
      throw JournalFault.of(e, file);
    } catch (JournalFault e) {
      database.close();
      throw e;
    }
  }

  /// Moves the file out of the way, and says so.
  void setAside(String why, String fault) throws IOException {
    Path aside = JournalFile.setAside(file, why, clock.instant());
    pool.close();
    setAside = true;
    say(fault + ": it is now " + aside.getFileName() + ", and a new one is begun");
  }

  /// Begins a new file in place of one that somebody has taken away, with what they left of it.
  void beginAnew(String fault) throws IOException {
    JournalFile.makeParents(file);
    if (Files.exists(file)) {
      setAside("replaced", "was replaced by another file");
      return;
    }
    JournalFile.setAside(file, "removed", clock.instant());
    pool.close();
    if (!JournalLock.existsFor(file)) {
      // The lock on a file that has no name keeps nobody out.
      close();
      lock = null;
    }
    say(fault + ": a new one is begun");
  }

  /// The number that the first event of this run gets: none that may have been used before.
  long nextSeq(Database database) throws JournalFault {
    try {
      long last =
          Math.max(
              Math.max(database.last(), database.number("SELECT max(seq) FROM checkpoints")),
              Math.max(
                  database.number("SELECT max(first_seq) - 1 FROM runs"),
                  database.number("SELECT max(next) - 1 FROM cursors")));
      long next = last + 1;
      Optional<States.Run> before = new States(database.connection(), rows).runOf(Long.MAX_VALUE);
      if (before.isEmpty()) {
        return next;
      }
      boolean isUnclean =
          database.number("SELECT ended IS NULL FROM runs ORDER BY run DESC LIMIT 1") != 0;
      if (isUnclean && !host.bootId().equals(before.get().host().bootId())) {
        // The power may have failed before the last events were on the disk.
        next += STRIDE;
      }
      return lock.usedBefore() > last + 1 ? Math.max(next, lock.usedBefore() + STRIDE) : next;
    } catch (SQLException e) {
      throw JournalFault.of(e, file);
    }
  }

  /// Notes the run of this monitor, if this file does not know of it yet.
  void beginRun(Database database, long next) throws SQLException {
    Object key = JournalFile.key(file);
    if (key != null && key.equals(runIn) && database.run() == run) {
      return;
    }
    database.begin();
    database.beginRun(host, next, clock.instant());
    database.commit();
    runIn = key;
    run = database.run();
  }

  /// Notes that numbers below this one may have been used.
  void usedBelow(long seq) throws IOException {
    if (lock != null) {
      lock.usedBelow(seq);
    }
  }

  /// Says a line about the journal.
  void say(String what) {
    remarks.accept("journal " + file + " " + what);
  }

  Rows rows() {
    return rows;
  }

  @Override
  public void close() {
    if (lock != null) {
      Connections.closeQuietly(lock);
    }
  }
}
