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

/// Opens the journal's file, at first and again after a fault, and sets it aside where it can't be
/// trusted. Used by one thread at a time.
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
  private boolean setAside;

  /// The file that has a row of this run, and the number of that row.
  private Object runIn;

  private long run;

  /// See [#bytes].
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

  /// Measures how much room the file takes, for [#bytes].
  void measure() {
    bytes = JournalFile.bytes(file) + JournalFile.bytes(JournalFile.wal(file));
  }

  /// How much room the file took when it was measured last. Any thread.
  long bytes() {
    return bytes;
  }

  /// Whether a file was set aside.
  boolean wasSetAside() {
    return setAside;
  }

  /// Takes the lock of the file and opens it. Only the first call waits, up to two seconds, for
  /// another monitor to release the lock.
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

  /// Looks before anything is changed, be it the lock beside the file.
  private void refuseNewer() throws JournalFault {
    if (JournalFile.bytes(file) == 0) {
      return;
    }
    try {
      Schema.refuseNewer(file);
    } catch (SQLException e) {
      // What is wrong with it is found out by whoever opens it.
    }
  }

  /// The same for a journal that goes on. In a file of another stream it begins one of its own,
  /// after all that is there.
  ///
  /// @param next the first number that is not written
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
    // What this monitor itself has noted is of another file.
    Numbering earlier = Numbering.of(database, rows, runIn == null ? used() : UNKNOWN, host);
    Optional<Entry> missing = earlier.write(database, host, clock.instant());
    long first = earlier.nextAfter(missing, database.stream());
    database.begin();
    database.beginStream(stream, first);
    database.commit();
    usedBelow(first, first);
  }

  /// What the monitor before this one has noted.
  Numbering.Used used() {
    return new Numbering.Used(lock.usedBefore(), lock.allUsedBefore());
  }

  /// Where a run of damage has reached the last row, its key is only believed if it is near the one
  /// that was noted beside the file.
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

  /// The fault that an SQLException or IOException stands for.
  JournalFault fault(Exception e) {
    return switch (e) {
      case SQLException sql -> JournalFault.of(sql, file);
      case IOException io -> JournalFault.of(io, file);
      default -> throw new IllegalArgumentException(e);
    };
  }

  /// Moves a damaged file out of the way, and says so.
  void setAsideDamaged(JournalFault damage) throws JournalFault {
    try {
      setAside("corrupt", damage.getMessage());
    } catch (IOException e) {
      throw fault(e);
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

  /// Notes the run of this monitor, if this file does not know of it yet.
  ///
  /// @param next the number of its first event
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

  /// Notes beside the file that keys below this one may have been used.
  ///
  /// @param all below this one they have been
  void usedBelow(long key, long all) throws IOException {
    if (lock != null) {
      lock.usedBelow(key, all);
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
