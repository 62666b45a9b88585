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

/// The ordered stream of events. One thread appends and never waits for a reader. Any number of
/// readers follow, each with its own [Cursor].
///
/// Memory holds at most `capacityBytes`, an estimate of the heap that the entries retain. Older
/// entries are dropped. A cursor that had not read them receives exactly one `events-lost` with the
/// range of missing numbers. The last append is kept whole until the next one, however large, so
/// that a fast reader can read all of it.
///
/// With an [Archive] the log is durable. A cursor reads from the archive what memory no longer
/// holds. It receives only what the archive has, so that a restart takes nothing back that a reader
/// has received. An append drops archived entries while memory uses more than a quarter of the
/// capacity. The archived entries that stay serve readers with a small lag. The rest of the
/// capacity is for entries that are not archived yet. While the archive fails, cursors also receive
/// what only memory holds.
public final class EventLog implements AutoCloseable {
  private final String stream;
  private final long capacityBytes;
  private final InstantSource clock;

  /// The pause before a cursor repeats a failed read of the archive.
  private static final long RETRY_MILLIS = 200;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition grown = lock.newCondition();

  /// Null if the log is not durable.
  private final Archive archive;

  private final Memory memory;

  /// The readers that have acknowledged a position and have not left. Any thread.
  private final Set<Acknowledged> acknowledged = new CopyOnWriteArraySet<>();

  /// The position of the archive's writer, as last set by [#keptBelow].
  private final Acknowledged written = new Acknowledged();

  /// The first number that cursors may not receive yet; [Long#MAX_VALUE] without an archive, or
  /// while it fails. Set by [#keptBelow].
  private long kept;

  private boolean closed;

  /// A log in memory only.
  ///
  /// @param stream identifies this run of the monitor; numbers of two streams can't be compared
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

  /// A durable log. The writer of the archive reads with [#unkept] and reports its progress with
  /// [#keptBelow].
  ///
  /// @param nextSeq the first number that is not in the archive
  public static EventLog durable(
      String stream, long nextSeq, long capacityBytes, InstantSource clock, Archive archive) {
    return new EventLog(stream, nextSeq, capacityBytes, clock, archive);
  }

  /// Name of the stream that the numbers belong to.
  public String stream() {
    return stream;
  }

  /// Numbers the events and makes them available to readers. Never waits for a reader.
  ///
  /// @throws IllegalStateException if the log is closed
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

  /// The size of memory, in bytes, above which the entry with this number is dropped.
  private long capacity(long seq) {
    boolean isInArchive = kept != Long.MAX_VALUE && seq < kept;
    return isInArchive ? capacityBytes / 4 : capacityBytes;
  }

  /// Creates a cursor at this number. Entries that no longer exist are reported to it as lost.
  public Cursor from(long seq) {
    if (seq < 1) {
      throw new IllegalArgumentException("sequence numbers begin with 1, not " + seq);
    }
    return new Cursor(seq);
  }

  /// Creates the cursor of the archive's writer, at the next event. It reads from memory only, and
  /// also what the archive does not have yet.
  public Cursor unkept() {
    lock.lock();
    try {
      return new Cursor(memory.nextSeq(), true);
    } finally {
      lock.unlock();
    }
  }

  /// Notes that the archive has all entries below this number. [Long#MAX_VALUE] means that the
  /// archive fails, and no cursor waits for it. Any thread.
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

  /// The readers that may slow down the appending thread. While the archive works that is its
  /// writer, else the readers that acknowledge. Any thread.
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

  /// True if the entries from this position on take more than half of the capacity. Any thread.
  public boolean isFarBehind(long position) {
    lock.lock();
    try {
      return memory.bytesFrom(position) > capacityBytes / 2;
    } finally {
      lock.unlock();
    }
  }

  /// The acknowledged position of a reader. Any thread may read it.
  public static final class Acknowledged {
    private volatile long position;

    private Acknowledged() {}

    /// All numbers below this one are acknowledged.
    public long position() {
      return position;
    }
  }

  /// The number of the next event.
  public long nextSeq() {
    lock.lock();
    try {
      return memory.nextSeq();
    } finally {
      lock.unlock();
    }
  }

  /// Ends the stream: readers receive the remaining entries, then the end.
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

  /// The position of a reader in the log. Used by one thread at a time.
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

    /// The number at which the next call of [#take(int)] begins.
    public long position() {
      return next;
    }

    /// Notes that the reader has everything below this number. From the first call on, the reader
    /// is one of the [EventLog#paceSetters()] while no archive works.
    public void acknowledge(long position) {
      reader.position = position;
      boolean _ = acknowledged.add(reader);
    }

    /// Removes the reader, which has ended, from the [EventLog#paceSetters()].
    public void leave() {
      boolean _ = acknowledged.remove(reader);
    }

    /// Waits for entries and takes at most `max` of them, in order. Empty when the log is closed
    /// and all of it was read. One `events-lost` stands for each range of entries that no longer
    /// exist. For a gap in the archive it comes in addition to `max`.
    public Optional<List<Entry>> take(int max) throws InterruptedException {
      while (true) {
        Optional<List<Entry>> taken = take(max, Duration.ofDays(1));
        if (taken.isEmpty() || !taken.get().isEmpty()) {
          return taken;
        }
      }
    }

    /// Like [#take(int)], but waits no longer than `patience`: the list is empty if nothing came.
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

    /// Moves to the oldest entry in memory if no entry ever had a number in between.
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

    /// Takes entries from the archive, without the lock: the archive may be slow and must not block
    /// other threads. Takes them from memory if the archive has none.
    private List<Entry> fromArchive(int max) throws InterruptedException {
      List<Entry> read = readArchive(max);
      List<Entry> taken = new ArrayList<>(read.size() + 1);
      for (Entry entry : read) {
        // The number of an archived events-lost is the last one of the range that it stands for.
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

    /// Reads from the archive, and repeats a read that fails while the archive works. Empty once
    /// the archive fails: what memory no longer holds is then lost to this cursor.
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

    /// Adds an `events-lost` for the numbers from the cursor's position up to `last`, less those
    /// that no entry ever had. Adds nothing if none is left.
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
