package dev.nsmon.journal;

import dev.nsmon.format.Host;
import dev.nsmon.format.JsonFormat;
import dev.nsmon.log.Archive;
import dev.nsmon.log.Entry;
import dev.nsmon.log.EventLog;
import dev.nsmon.log.Present;
import dev.nsmon.namespace.HostClock;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// The durable archive of the event log: an SQLite file that one monitor writes.
///
/// A disk fault does not end the monitor. It is reported in one line, the log continues with the
/// events in memory, and the journal is tried again every five seconds. A disk that does not answer
/// for five seconds counts as such a fault until it answers.
///
/// The same applies while another monitor holds the lock of the file. When that monitor has ended,
/// this one appends a stream of its own to the file. A file that a newer version wrote is never
/// changed: this monitor then runs without a journal.
public final class Journal implements Archive, AutoCloseable {
  private static final Duration RETRY = Duration.ofSeconds(5);
  private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(10);

  private final JournalSettings settings;
  private final Host host;
  private final HostClock clock;
  private final Opener opener;
  private final ReadPool pool;
  private final Notes notes = new Notes();
  private final Beginning beginning;
  private final Duration retry;
  private volatile Writer writer;
  private Thread thread;

  /// Opens the journal as [#open] does.
  ///
  /// @param retry delay between two attempts to open the file
  Journal(
      JournalSettings settings,
      Host host,
      String newStream,
      HostClock clock,
      Consumer<String> remarks,
      Duration retry) {
    this.settings = settings.with(JournalFile.resolved(settings.file()));
    this.host = host;
    this.clock = clock;
    this.retry = retry;
    this.pool = new ReadPool(this.settings.file(), clock);
    this.opener = new Opener(this.settings, host, clock, remarks, pool);
    this.beginning = begun(newStream);
  }

  private Beginning begun(String newStream) {
    try {
      return Beginning.of(opener, pool, notes, host, clock, newStream);
    } catch (JournalFault e) {
      opener.say(e.consequence());
      return Beginning.without(newStream, e);
    }
  }

  /// Opens the journal. Creates the file and the parent directories that are missing. Waits up to
  /// two seconds for the lock, because another monitor may be just ending. A fault is reported to
  /// `remarks` and by [#trouble]; the caller gets a journal all the same.
  ///
  /// @param newStream name of the stream, if a new one begins
  /// @param remarks receives messages for the user; called on the threads that call [#open],
  ///   [#watch] and [#close], and on the writer's thread
  public static Journal open(
      JournalSettings settings,
      Host host,
      String newStream,
      HostClock clock,
      Consumer<String> remarks) {
    return new Journal(settings, host, newStream, clock, remarks, RETRY);
  }

  /// The name of the stream that the sequence numbers belong to.
  public String stream() {
    return beginning.stream();
  }

  /// The sequence number of the first event of this run.
  public long nextSeq() {
    return beginning.nextSeq();
  }

  /// The sequence number of the first record that this run emits. This is [#nextSeq], or the number
  /// of the `events-lost` before it. That record stands for events of earlier runs that the journal
  /// lost.
  public long begin() {
    return beginning.first();
  }

  /// True once a file was set aside because it was damaged or was replaced by another file. This
  /// journal no longer has the events of that file.
  public boolean wasSetAside() {
    return opener.wasSetAside();
  }

  /// True if this monitor does not use the journal at all. Examples are a file that a newer version
  /// wrote, and a file that is no journal. The journal is not tried again.
  public boolean isOutOfUse() {
    return beginning.trouble().filter(one -> one.kind() == JournalFault.Kind.REFUSED).isPresent();
  }

  /// True while events are not written to the journal. Any thread.
  public boolean isFailing() {
    return trouble().isPresent();
  }

  /// Why events are not written, as the end of a message for the user; empty while they are
  /// written. Any thread.
  public Optional<String> trouble() {
    Writer now = writer;
    return now == null ? beginning.trouble().map(JournalFault::consequence) : now.trouble();
  }

  /// The state of the host after the last event of the previous run; empty if unknown.
  public Optional<LastState> lastState() {
    return beginning.lastState();
  }

  /// CPU time of the writer's thread in nanoseconds.
  private long cpuNanos() {
    return ManagementFactory.getThreadMXBean().getThreadCpuTime(thread.threadId());
  }

  /// Checks whether the writer's thread hangs in a call to the disk. After about five seconds it
  /// reports that in one line, and readers stop waiting for the journal. Called by one thread,
  /// about once a second.
  public void watch() {
    Writer now = writer;
    if (now != null) {
      now.watch();
    }
  }

  /// Starts the thread that writes the events of the log to the file.
  ///
  /// @param log a new, empty log with this journal's stream and next number
  /// @param present returns the current state; called for each checkpoint, on a thread other than
  ///   the writer's, and may block
  /// @param includeInitial whether the monitor reports processes that are only in the initial
  ///   namespaces
  /// @param parent receives failures that are not disk faults
  /// @param backlogs receives each earlier stream of the file once, after the file was opened;
  ///   called on the writer's thread, which it must not block
  public void start(
      EventLog log,
      Supplier<Present> present,
      boolean includeInitial,
      Parent parent,
      Consumer<Backlog> backlogs) {
    if (beginning.database() == null) {
      // Readers must not wait for a file that is not open yet.
      log.keptBelow(Long.MAX_VALUE);
    }
    if (isOutOfUse()) {
      return;
    }
    JsonFormat format = new JsonFormat(host, stream());
    StateMaker states =
        new StateMaker(present, includeInitial, format, beginning.checkpointed(), clock, parent);
    RecordEncoder encoder = new RecordEncoder(format);
    Backlogs found = new Backlogs(pool, notes, opener.rows(), clock, backlogs);
    Means means =
        new Means(
            settings,
            clock,
            opener,
            pool,
            log,
            log.unkept(),
            encoder,
            states,
            notes,
            found,
            new Pulse(this::cpuNanos));
    writer = new Writer(means, includeInitial, beginning.database(), trouble(), retry, parent);
    thread = Thread.ofPlatform().daemon().name("journal").start(writer);
  }

  /// The size of the journal and its write-ahead log in bytes, as last measured; 0 if there is no
  /// file. The writer measures it about once a second while the journal works. Any thread; does not
  /// access the disk.
  public long bytes() {
    return isOutOfUse() ? 0 : opener.bytes();
  }

  @Override
  public List<Entry> read(long from, int max) throws IOException {
    return pool.read(from, max);
  }

  @Override
  public long unused(long first, long last) {
    return beginning.unused().within(first, last);
  }

  /// The sequence number of the next record for this sink. Without a cursor of the sink, it is the
  /// oldest record of the stream that is left. Returns `here` if there is no record or the journal
  /// can't be read.
  public long place(String sink, long here) {
    OptionalLong known = notes.cursor(sink);
    if (known.isPresent()) {
      return known.getAsLong();
    }
    try {
      List<Entry> oldest = pool.read(1, 1);
      return oldest.isEmpty() ? here : oldest.getFirst().seq();
    } catch (IOException e) {
      return here;
    }
  }

  /// The sequence number of the next record for this sink; empty if the sink has no cursor.
  public OptionalLong cursor(String name) {
    return notes.cursor(name);
  }

  /// Sets the cursor of a sink to the sequence number of its next record. Any thread. The writer
  /// stores it with its next transaction.
  public void cursor(String name, long next) {
    notes.cursor(name, next);
  }

  /// The kernel's namespace ids on each CPU at the end of the previous run, as that run passed them
  /// to [#born(String)]. Empty if it did not end in order, or passed none.
  public Optional<String> born() {
    return beginning.born();
  }

  /// Sets the kernel's namespace ids at the end of this run. Called before [#close], which stores
  /// them.
  public void born(String ids) {
    notes.born(ids);
  }

  /// Sets the time of the monitor's last scan. After a restart, this is the time since which the
  /// monitor has observed nothing. Any thread.
  public void looked(Instant time) {
    notes.looked(time);
  }

  /// Writes the remaining events, stores that the run ended in order, and closes the file. Waits up
  /// to ten seconds for the writer; after that, the last events may be lost.
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
    if (writer == null && beginning.database() != null) {
      beginning.database().close();
    }
    opener.close();
  }
}
