package dev.nsmon.journal;

import dev.nsmon.format.Host;
import dev.nsmon.format.JsonFormat;
import dev.nsmon.log.Archive;
import dev.nsmon.log.Entry;
import dev.nsmon.log.EventLog;
import dev.nsmon.log.Present;
import dev.nsmon.namespace.HostClock;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// The event log's disk, for the one monitor that writes it.
///
/// A fault of the disk is never an error of the monitor: it is said in one line, the log goes on
/// with what memory holds, and the journal is tried again every five seconds. Where another monitor
/// has it, or a newer version has written it, this monitor does without.
public final class Journal implements Archive, AutoCloseable {
  static final String UNTIL =
      "; until it works again, events are kept in memory only (it is tried every 5 s)";
  static final String WITHOUT = "; this monitor goes on without a journal";

  private static final Duration RETRY = Duration.ofSeconds(5);
  private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(10);

  private final JournalSettings settings;
  private final Host host;
  private final HostClock clock;
  private final Opener opener;
  private final ReadPool pool;
  private final Notes notes = new Notes();
  private String stream;
  private long nextSeq = 1;
  private boolean outOfUse;
  private Duration retry = RETRY;

  /// The last event that the newest checkpoint includes.
  private long checkpointed;

  private Optional<LastState> lastState = Optional.empty();

  /// Until the writer has it; null if it could not be opened.
  private Database database;

  private Writer writer;
  private Thread thread;

  private Journal(JournalSettings settings, Host host, HostClock clock, Consumer<String> remarks) {
    this.settings = settings;
    this.host = host;
    this.clock = clock;
    this.pool = new ReadPool(settings.file(), clock);
    this.opener = new Opener(settings, host, clock, remarks, pool);
  }

  /// Opens the journal, or makes it, with the directories that are missing. Waits up to two seconds
  /// for another monitor that is just ending.
  ///
  /// @param newStream the name of the stream, if it is a new one
  /// @param remarks takes lines for people; called by this thread and by the writer's
  public static Journal open(
      JournalSettings settings,
      Host host,
      String newStream,
      HostClock clock,
      Consumer<String> remarks) {
    return open(settings, host, newStream, clock, remarks, RETRY);
  }

  /// The same with another time between two tries.
  static Journal open(
      JournalSettings settings,
      Host host,
      String newStream,
      HostClock clock,
      Consumer<String> remarks,
      Duration retry) {
    JournalSettings resolved =
        new JournalSettings(
            JournalFile.resolved(settings.file()), settings.maxBytes(), settings.maxAge());
    Journal journal = new Journal(resolved, host, clock, remarks);
    journal.stream = newStream;
    journal.retry = retry;
    try {
      journal.begin(newStream);
    } catch (JournalFault e) {
      journal.outOfUse = e.kind() == JournalFault.Kind.REFUSED;
      journal.opener.say(e.getMessage() + (journal.outOfUse ? WITHOUT : UNTIL));
      journal.dropDatabase();
    }
    return journal;
  }

  private void begin(String newStream) throws JournalFault {
    database = opener.open(newStream);
    try {
      nextSeq = opener.nextSeq(database);
      notes.restore(CursorTable.read(database.connection()));
      lastState = new States(database.connection(), opener.rows()).last();
      checkpointed = database.number("SELECT max(seq) FROM checkpoints");
      opener.beginRun(database, nextSeq);
      stream = database.stream();
    } catch (SQLException e) {
      begin(newStream, JournalFault.of(e, settings.file()));
    } catch (JournalFault e) {
      begin(newStream, e);
    } catch (IOException e) {
      begin(newStream, JournalFault.of(e, settings.file()));
    }
  }

  /// Damage may show only when the state is read.
  private void begin(String newStream, JournalFault fault) throws JournalFault {
    nextSeq = 1;
    lastState = Optional.empty();
    if (fault.kind() != JournalFault.Kind.CORRUPT || opener.wasSetAside()) {
      throw fault;
    }
    try {
      opener.setAside("corrupt", fault.getMessage());
    } catch (IOException e) {
      throw JournalFault.of(e, settings.file());
    }
    dropDatabase();
    begin(newStream);
  }

  private void dropDatabase() {
    if (database != null) {
      database.close();
      database = null;
    }
  }

  /// The stream that the numbers belong to.
  public String stream() {
    return stream;
  }

  /// The number of the first event of this run.
  public long nextSeq() {
    return nextSeq;
  }

  /// Whether there is a file that was damaged and has been set aside: what it held is lost.
  public boolean wasSetAside() {
    return opener.wasSetAside();
  }

  /// Whether this monitor does without, for good.
  public boolean isOutOfUse() {
    return outOfUse;
  }

  /// Whether it does not work now.
  public boolean isFailing() {
    return writer == null ? database == null : writer.isFailing();
  }

  /// What there was after the last event of the run before; empty if that is not known.
  public Optional<LastState> lastState() {
    return lastState;
  }

  /// Begins to write what comes into the log.
  ///
  /// @param log made with this journal's stream and next number, and nothing in it yet
  /// @param present asked now and then, by another thread than the writer's
  /// @param includeInitial whether the monitor tells of processes that merely live in the initial
  ///   namespaces
  public void start(EventLog log, Supplier<Present> present, boolean includeInitial) {
    if (outOfUse) {
      log.keptBelow(Long.MAX_VALUE);
      return;
    }
    JsonFormat format = new JsonFormat(host, stream);
    StateMaker states = new StateMaker(present, includeInitial, format, checkpointed, clock);
    Means means =
        new Means(
            settings,
            clock,
            opener,
            pool,
            log,
            log.unkept(),
            new RecordEncoder(format),
            states,
            notes);
    writer = new Writer(means, includeInitial, database, retry);
    database = null;
    thread = Thread.ofPlatform().daemon().name("journal").start(writer);
  }

  /// How much room it takes on the disk, in bytes; 0 if it has none.
  public long bytes() {
    return outOfUse
        ? 0
        : JournalFile.bytes(settings.file()) + JournalFile.bytes(JournalFile.wal(settings.file()));
  }

  @Override
  public List<Entry> read(long from, int max) throws IOException {
    return pool.read(from, max);
  }

  /// Where this sink is to go on; empty if it has never said.
  public OptionalLong cursor(String name) {
    return notes.cursor(name);
  }

  /// Notes where a sink is to go on. Any thread may call it; it is written with what is written
  /// next.
  public void cursor(String name, long next) {
    notes.cursor(name, next);
  }

  /// Notes when the monitor last looked: a restart knows by it since when it has seen nothing. Any
  /// thread may call it.
  public void looked(Instant time) {
    notes.looked(time);
  }

  /// Writes what has come, notes that it ends in order, and lets go of the file.
  @Override
  public void close() {
    try {
      if (writer != null) {
        writer.close();
        if (!thread.join(CLOSE_PATIENCE)) {
          opener.say("does not end: what came last may be lost");
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    }
    pool.close();
    dropDatabase();
    opener.close();
  }
}
