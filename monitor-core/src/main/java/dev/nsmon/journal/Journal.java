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

/// The event log's disk, for the one monitor that writes it.
///
/// A fault of the disk does not end the monitor: it is reported in one line, the log goes on with
/// the events in memory, and the journal is tried again every five seconds. A disk that does not
/// answer at all for five seconds is such a fault, until it does. The same applies while another
/// monitor holds the lock of the file: once that monitor has ended, this one appends its own stream
/// to the file. A file that a newer version has written is never changed: this monitor runs without
/// a journal.
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

  /// Opens it as [#open] does.
  ///
  /// @param retry the time between two tries
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
    return new Journal(settings, host, newStream, clock, remarks, RETRY);
  }

  /// The stream that the numbers belong to.
  public String stream() {
    return beginning.stream();
  }

  /// The number of the first event of this run.
  public long nextSeq() {
    return beginning.nextSeq();
  }

  /// The number of the first record that this run has to tell: [#nextSeq], or that of the
  /// `events-lost` before it which says what the journal lacks of earlier runs.
  public long begin() {
    return beginning.first();
  }

  /// Whether there is a file that was damaged and has been set aside: what it held is lost.
  public boolean wasSetAside() {
    return opener.wasSetAside();
  }

  /// True if a newer version has written the file, or it is no journal: it is not tried again.
  public boolean isOutOfUse() {
    return beginning.trouble().filter(one -> one.kind() == JournalFault.Kind.REFUSED).isPresent();
  }

  /// Whether it does not work now, or is not used at all. Any thread.
  public boolean isFailing() {
    return trouble().isPresent();
  }

  /// The reason why events are not written, as the end of a line for people; empty while they are.
  /// Any thread.
  public Optional<String> trouble() {
    Writer now = writer;
    return now == null ? beginning.trouble().map(JournalFault::consequence) : now.trouble();
  }

  /// What there was after the last event of the run before; empty if that is not known.
  public Optional<LastState> lastState() {
    return beginning.lastState();
  }

  /// CPU time that the writer's thread has used.
  private long cpuNanos() {
    return ManagementFactory.getThreadMXBean().getThreadCpuTime(thread.threadId());
  }

  /// Checks whether the writer's thread hangs in a call to the disk. After some five seconds it
  /// reports that in one line, and readers stop waiting for the journal. One thread calls it, about
  /// once a second.
  public void watch() {
    Writer now = writer;
    if (now != null) {
      now.watch();
    }
  }

  /// Begins to write what comes into the log.
  ///
  /// @param log made with this journal's stream and next number, and nothing in it yet
  /// @param present asked now and then, by another thread than the writer's
  /// @param includeInitial whether the monitor tells of processes that merely live in the initial
  ///   namespaces
  /// @param parent learns of failures that no disk has caused
  /// @param backlogs receives each earlier stream of the file once, after the file was opened; on
  ///   the writer's thread, which it must not block
  public void start(
      EventLog log,
      Supplier<Present> present,
      boolean includeInitial,
      Parent parent,
      Consumer<Backlog> backlogs) {
    if (beginning.database() == null) {
      // Nobody is to wait for the first try.
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

  /// How much room it took on the disk when the writer measured it last, within the last second
  /// while it works, in bytes; 0 if it has none. Any thread; asks no disk.
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

  /// Where this sink is to go on: where it was, or with the oldest that is left if this journal
  /// does not know it; here if the journal can't be read.
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

  /// Where this sink is to go on; empty if it has never said.
  public OptionalLong cursor(String name) {
    return notes.cursor(name);
  }

  /// Notes where a sink is to go on. Any thread may call it; it is written with what is written
  /// next.
  public void cursor(String name, long next) {
    notes.cursor(name, next);
  }

  /// The kernel's ids at the end of the run before, as it noted them; empty if it did not end in
  /// order, or noted none.
  public Optional<String> born() {
    return beginning.born();
  }

  /// Notes the kernel's ids at the end of this run, before [#close].
  public void born(String ids) {
    notes.born(ids);
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
    if (writer == null && beginning.database() != null) {
      beginning.database().close();
    }
    opener.close();
  }
}
