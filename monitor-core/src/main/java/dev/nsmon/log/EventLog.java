package dev.nsmon.log;

import dev.nsmon.event.Kind;
import dev.nsmon.event.NamespaceEvent;
import dev.nsmon.event.NamespaceEvent.EventsLost;
import dev.nsmon.event.NamespaceEvent.Sighting;
import dev.nsmon.event.Source;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// The one ordered stream of events. One thread appends and never waits; any number of readers
/// follow, each at its own [Cursor].
///
/// In memory it holds at most `capacityBytes` (an estimate of the heap that the entries retain):
/// what is older is dropped, and a cursor that had not read it is handed exactly one `events-lost`
/// that names the missing numbers. What was appended last is kept whole until the next events come,
/// however large: a reader that is quick enough must be able to read it.
///
/// With an [Archive] it is durable. Then a cursor reads there what memory holds no more, and is
/// handed only what the archive has: what a reader has seen, a restart can't take back. Of that,
/// memory keeps no more than a quarter of its capacity as more comes, for readers that are close
/// behind; the rest is for what waits to be written. While the archive fails, cursors go on with
/// what memory holds.
public final class EventLog implements AutoCloseable {
  private final String stream;
  private final long capacityBytes;
  private final InstantSource clock;

  /// How long a cursor waits before it tries an archive again that could not be read.
  private static final long RETRY_MILLIS = 200;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition grown = lock.newCondition();

  /// Null if there is none.
  private final Archive archive;

  private final Memory memory;

  /// Where readers are that have acknowledged something. Any thread.
  private final Set<Acknowledged> acknowledged = new CopyOnWriteArraySet<>();

  private final Acknowledged written = new Acknowledged();

  /// The first number that cursors are not handed yet.
  private long kept;

  private boolean closed;

  /// @param stream names this run of the monitor; numbers of two streams can't be compared
  public EventLog(String stream, long capacityBytes, InstantSource clock) {
    this(stream, 1, capacityBytes, clock, null);
  }

  private EventLog(
      String stream, long nextSeq, long capacityBytes, InstantSource clock, Archive archive) {
    this.stream = stream;
    this.kept = archive == null ? Long.MAX_VALUE : nextSeq;
    this.written.position = nextSeq;
    this.capacityBytes = capacityBytes;
    this.clock = clock;
    this.archive = archive;
    this.memory = new Memory(nextSeq, archive == null ? 0 : Footprint.RECORD);
  }

  /// A durable one. Whoever writes the archive reads with [#unkept] and calls [#keptBelow].
  ///
  /// @param nextSeq the first number that is not in the archive
  public static EventLog durable(
      String stream, long nextSeq, long capacityBytes, InstantSource clock, Archive archive) {
    return new EventLog(stream, nextSeq, capacityBytes, clock, archive);
  }

  /// The stream that the numbers belong to.
  public String stream() {
    return stream;
  }

  /// Numbers these events and hands them to the readers. Never waits for one.
  public void append(List<NamespaceEvent> events) {
    if (events.isEmpty()) {
      return;
    }
    lock.lock();
    try {
      if (closed) {
        throw new IllegalStateException("the log is closed");
      }
      long firstOfBatch = memory.nextSeq();
      for (NamespaceEvent event : events) {
        memory.add(new Entry(memory.nextSeq(), event));
        while (memory.bytes() > capacity(memory.oldest()) && memory.oldest() < firstOfBatch) {
          memory.dropOldest();
        }
      }
      grown.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// How much memory may hold for this number to stay in it.
  private long capacity(long seq) {
    boolean isInArchive = kept != Long.MAX_VALUE && seq < kept;
    return isInArchive ? capacityBytes / 4 : capacityBytes;
  }

  /// A cursor that begins with this number, or with what is left after it.
  public Cursor from(long seq) {
    if (seq < 1) {
      throw new IllegalArgumentException("sequence numbers begin with 1, not " + seq);
    }
    return new Cursor(seq);
  }

  /// A cursor for the writer of the archive: it reads from memory only, and what is not kept yet.
  public Cursor unkept() {
    lock.lock();
    try {
      return new Cursor(memory.nextSeq(), true);
    } finally {
      lock.unlock();
    }
  }

  /// The archive has all entries below this number; [Long#MAX_VALUE] while it fails, so that nobody
  /// waits for it.
  public void keptBelow(long seq) {
    lock.lock();
    try {
      kept = seq;
      written.position = seq;
      grown.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// The readers whose speed the writer may take its own from: while the archive works that alone
  /// writes it, else those that acknowledge what they read. Any thread.
  public List<Acknowledged> paceSetters() {
    lock.lock();
    try {
      return archive != null && kept != Long.MAX_VALUE
          ? List.of(written)
          : List.copyOf(acknowledged);
    } finally {
      lock.unlock();
    }
  }

  /// Whether what comes after this position takes more than half of what memory may hold. Any
  /// thread.
  public boolean isFarBehind(long position) {
    lock.lock();
    try {
      return memory.bytesFrom(position) > capacityBytes / 2;
    } finally {
      lock.unlock();
    }
  }

  /// How far a reader has acknowledged what it was handed. Any thread.
  public static final class Acknowledged {
    private volatile long position;

    private Acknowledged() {}

    /// All numbers below this one are acknowledged.
    public long position() {
      return position;
    }
  }

  /// The number that the next event will have.
  public long nextSeq() {
    lock.lock();
    try {
      return memory.nextSeq();
    } finally {
      lock.unlock();
    }
  }

  /// Ends the stream: readers get what is left, then the end.
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      grown.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// A reader's place in the log. Used by one thread at a time.
  public final class Cursor {
    private final boolean ofWriter;
    private final Acknowledged reader = new Acknowledged();
    private long next;

    private Cursor(long next) {
      this(next, false);
    }

    private Cursor(long next, boolean ofWriter) {
      this.next = next;
      this.ofWriter = ofWriter;
    }

    /// The number that the next call begins with.
    public long position() {
      return next;
    }

    /// Its reader has what is below this number. From the first such call on, it is one of the
    /// [EventLog#paceSetters()].
    public void acknowledge(long position) {
      reader.position = position;
      boolean _ = acknowledged.add(reader);
    }

    /// Its reader has ended.
    public void leave() {
      boolean _ = acknowledged.remove(reader);
    }

    /// Waits for entries and takes at most `max` of them, in order; empty when the log is closed
    /// and read to its end. Where the log has moved past this cursor, the first entry is the one
    /// `events-lost`.
    public Optional<List<Entry>> take(int max) throws InterruptedException {
      while (true) {
        Optional<List<Entry>> taken = take(max, Duration.ofDays(1));
        if (taken.isEmpty() || !taken.get().isEmpty()) {
          return taken;
        }
      }
    }

    /// The same, but waits no longer than this: the list is empty if nothing has come by then.
    public Optional<List<Entry>> take(int max, Duration patience) throws InterruptedException {
      lock.lockInterruptibly();
      try {
        passOverUnused();
        long left = patience.toNanos();
        while (next >= end()) {
          if (closed && next >= memory.nextSeq()) {
            return Optional.empty();
          }
          if (left <= 0) {
            return Optional.of(List.of());
          }
          left = grown.awaitNanos(left);
        }
        if (next >= memory.oldest() || archive == null || ofWriter) {
          return Optional.of(fromMemory(max));
        }
      } finally {
        lock.unlock();
      }
      return Optional.of(fromArchive(max));
    }

    /// Goes to what memory holds if no entry ever had a number before that.
    private void passOverUnused() {
      long oldest = memory.oldest();
      if (next < oldest && archive != null && archive.unused(next, oldest - 1) == oldest - next) {
        next = oldest;
      }
    }

    private long end() {
      return ofWriter ? memory.nextSeq() : Math.min(kept, memory.nextSeq());
    }

    private List<Entry> fromMemory(int max) {
      long end = end();
      long oldest = memory.oldest();
      List<Entry> taken = new ArrayList<>();
      if (next < oldest) {
        addLost(taken, oldest - 1);
        next = oldest;
      }
      while (next < end && taken.size() < max) {
        taken.add(memory.get(next++));
      }
      return taken;
    }

    /// Without the lock: the archive may be slow, and nobody is to wait for it.
    private List<Entry> fromArchive(int max) throws InterruptedException {
      List<Entry> read = readArchive(max);
      List<Entry> taken = new ArrayList<>(read.size() + 1);
      for (Entry entry : read) {
        // An events-lost that was written down has the last of the numbers that it stands for.
        long first = firstOf(entry);
        if (first > next) {
          addLost(taken, first - 1);
        }
        taken.add(entry);
        next = entry.seq() + 1;
      }
      if (!taken.isEmpty()) {
        return taken;
      }
      lock.lockInterruptibly();
      try {
        return fromMemory(max);
      } finally {
        lock.unlock();
      }
    }

    /// Nothing if it fails: then what memory has lost is lost. A read that fails while the archive
    /// works is tried again.
    private List<Entry> readArchive(int max) throws InterruptedException {
      while (true) {
        try {
          return archive.read(next, max);
        } catch (IOException e) {
          lock.lockInterruptibly();
          try {
            if (kept == Long.MAX_VALUE) {
              return List.of();
            }
          } finally {
            lock.unlock();
          }
          Thread.sleep(RETRY_MILLIS);
        }
      }
    }

    private static long firstOf(Entry entry) {
      return entry.kind() == Kind.EVENTS_LOST && entry.event() instanceof EventsLost lost
          ? lost.first().orElse(entry.seq())
          : entry.seq();
    }

    /// Says that what comes next is missing up to this number, unless no entry ever had one of
    /// them.
    private void addLost(List<Entry> to, long last) {
      long unused = archive == null ? 0 : archive.unused(next, last);
      long count = last - next + 1 - unused;
      if (count > 0) {
        to.add(
            new Entry(
                last,
                new EventsLost(
                    new Sighting(clock.instant(), Optional.empty(), Source.POLL),
                    EventsLost.Where.LOG,
                    OptionalLong.of(next),
                    OptionalLong.of(last),
                    OptionalLong.of(count))));
      }
    }
  }
}
