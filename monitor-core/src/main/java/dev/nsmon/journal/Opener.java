package dev.nsmon.journal;

import static dev.nsmon.journal.Numbering.Used.UNKNOWN;

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

/// Opens the journal file at start and again after a fault, and sets a damaged file aside. Used by
/// one thread at a time, except [#bytes] and [#say].
final class Opener implements AutoCloseable {
  private static final Duration LOCK_PATIENCE = Duration.ofSeconds(2);

  private final JournalSettings settings;
  private final Path file;
  private final Host host;
  private final HostClock clock;
  private final Consumer<String> remarks;
  private final Rows rows;
  private final ReadPool pool;
  private JournalLock lock;
  private Duration lockPatience = LOCK_PATIENCE;
  private volatile boolean setAside;

  /// The file in which this run has a row, as [JournalFile#key] identifies it, and the number of
  /// that row. Set by [#beginRun]; null before the first.
  private Object runIn;

  private long run;

  /// See [#bytes]. Set by [#measure].
  private volatile long bytes;

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

  /// Measures the size of the file and its write-ahead log, for [#bytes].
  void measure() {
    bytes = JournalFile.bytes(file) + JournalFile.bytes(JournalFile.wal(file));
  }

  /// The size of the file and its write-ahead log in bytes, as last measured. Any thread.
  long bytes() {
    return bytes;
  }

  /// True once a file was set aside.
  boolean wasSetAside() {
    return setAside;
  }

  /// Takes the lock of the file and opens it. Sets a damaged file aside and creates a new one. Only
  /// the first call waits, up to two seconds, for another monitor to release the lock.
  ///
  /// @param stream name of the first stream of a new file
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
      measure();
      return database;
    } catch (IOException e) {
      throw fault(e);
    }
  }

  private void prepare() throws IOException {
    Connections.loadNative();
    JournalFile.makeParents(file);
    if (lock == null) {
      JournalFile.refuseStranger(file);
    }
    refuseNewer();
    if (lock == null) {
      Duration patience = lockPatience;
      lockPatience = Duration.ZERO;
      lock = JournalLock.take(file, patience, clock);
    }
  }

  /// Fails if a newer version wrote the file. Called before anything is changed, including the lock
  /// file.
  private void refuseNewer() throws JournalFault {
    if (JournalFile.bytes(file) == 0) {
      return;
    }
    try {
      Schema.refuseNewer(file);
    } catch (SQLException e) {
      // The caller opens the file next. That reports the error.
    }
  }

  /// Opens the file for a monitor that runs already. If the newest stream of the file is not the
  /// monitor's, appends the monitor's stream to the file.
  ///
  /// @param next the first sequence number that is not written to a file
  Database reopen(String stream, long next) throws JournalFault {
    Database database = open(stream);
    try {
      if (!database.stream().stream().equals(stream)) {
        beginStream(database, stream);
      }
      beginRun(database, next);
      pool.open(database.streams());
      return database;
    } catch (SQLException | IOException e) {
      database.close();
      throw fault(e);
    }
  }

  private void beginStream(Database database, String stream) throws SQLException, IOException {
    // If this monitor has stored used keys before, they belong to another file.
    Numbering earlier = Numbering.of(database, rows, runIn == null ? used() : UNKNOWN, host);
    Optional<Entry> missing = earlier.write(database, host, clock.instant());
    long first = earlier.nextAfter(missing, database.stream());
    database.begin();
    database.beginStream(stream, first);
    database.commit();
    usedBelow(first, first);
  }

  /// The used keys that the previous monitor stored in the lock file.
  Numbering.Used used() {
    return new Numbering.Used(lock.usedBefore(), lock.allUsedBefore());
  }

  /// Checks the last row of the file. If it is damaged, its key may be wrong as well. The key is
  /// then accepted only if it is near the key in the lock file.
  private void checkEnd(Database database) throws JournalFault {
    try (PreparedStatement select = database.connection().prepareStatement(Rows.READ)) {
      if (database.lastKey() == 0) {
        return;
      }
      List<Row> last = rows.read(select, database.lastKey(), 1, database.streams());
      boolean isHarmed = last.isEmpty() || last.getFirst().entry().json().isEmpty();
      long distance = Math.abs(database.lastKey() + 1 - lock.usedBefore());
      if (isHarmed && distance > 2 * Numbering.STRIDE) {
        throw new JournalFault(JournalFault.Kind.CORRUPT, "is damaged (at its end)");
      }
    } catch (SQLException | JournalFault e) {
      database.close();
      throw fault(e);
    }
  }

  /// Maps an SQLException or IOException to a fault.
  JournalFault fault(Exception e) {
    return switch (e) {
      case SQLException sql -> JournalFault.of(sql, file);
      case IOException io -> JournalFault.of(io, file);
      default -> throw new IllegalArgumentException(e);
    };
  }

  /// Sets a damaged file aside and reports that.
  void setAsideDamaged(JournalFault damage) throws JournalFault {
    try {
      setAside("corrupt", damage.getMessage());
    } catch (IOException e) {
      throw fault(e);
    }
  }

  /// Renames the file, closes the connections of readers, and reports that.
  void setAside(String why, String fault) throws IOException {
    Path aside = JournalFile.setAside(file, why, clock.instant());
    pool.close();
    setAside = true;
    say(fault + ": it is now " + aside.getFileName() + ", and a new one is begun");
  }

  /// Prepares a new file after the journal was removed or replaced. A file that replaced it is set
  /// aside. Otherwise the `-wal` and `-shm` files that remain are renamed.
  void beginAnew(String fault) throws IOException {
    JournalFile.makeParents(file);
    if (Files.exists(file)) {
      setAside("replaced", "was replaced by another file");
      return;
    }
    JournalFile.setAside(file, "removed", clock.instant());
    pool.close();
    if (!JournalLock.existsFor(file)) {
      // The lock file was removed too. A lock on it does not exclude other monitors any more.
      close();
      lock = null;
    }
    say(fault + ": a new one is begun");
  }

  /// Adds a row for this run to the table `runs`, unless the file has one.
  ///
  /// @param next sequence number of the first event of the run in this file
  void beginRun(Database database, long next) throws SQLException {
    Object key = JournalFile.key(file);
    if (key != null && key.equals(runIn) && database.runs().newest() == run) {
      return;
    }
    database.begin();
    database.runs().begin(host, database.stream().key(next), clock.instant());
    database.commit();
    runIn = key;
    run = database.runs().newest();
  }

  /// Stores in the lock file that every key below this one may have been used.
  ///
  /// @param all every key below this one was used
  void usedBelow(long key, long all) throws IOException {
    if (lock != null) {
      lock.usedBelow(key, all);
    }
  }

  /// Reports a message about the journal to the user.
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
