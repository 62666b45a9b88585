package dev.nsmon.log;

import dev.nsmon.event.NamespaceEvent;
import dev.nsmon.event.NamespaceEvent.EventsLost;
import dev.nsmon.event.NamespaceEvent.Sighting;
import dev.nsmon.event.Source;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// The one ordered stream of events, in memory. One thread appends and never waits; any number of
/// readers follow, each at its own [Cursor].
///
/// It holds at most `capacityBytes` (an estimate of the heap that the entries retain): what is
/// older is dropped, and a cursor that had not read it is handed exactly one `events-lost` that
/// names the missing numbers. What was appended last is kept whole until the next events come,
/// however large: a reader that is quick enough must be able to read it.
public final class EventLog implements AutoCloseable {
  private final String stream;
  private final long capacityBytes;
  private final InstantSource clock;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition grown = lock.newCondition();

  /// Entry `seq` is at `seq & (ring.length - 1)`; those from `oldest` up to `nextSeq` are valid.
  private Entry[] ring = new Entry[1024];

  private long oldest = 1;
  private long nextSeq = 1;
  private long bytes;
  private boolean closed;

  /// @param stream names this run of the monitor; numbers of two streams can't be compared
  public EventLog(String stream, long capacityBytes, InstantSource clock) {
    this.stream = stream;
    this.capacityBytes = capacityBytes;
    this.clock = clock;
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
      long firstOfBatch = nextSeq;
      for (NamespaceEvent event : events) {
        if (nextSeq - oldest == ring.length) {
          grow();
        }
        ring[slot(nextSeq)] = new Entry(nextSeq, event);
        nextSeq++;
        bytes += Footprint.of(event);
        while (bytes > capacityBytes && oldest < firstOfBatch) {
          bytes -= Footprint.of(ring[slot(oldest)].event());
          ring[slot(oldest++)] = null;
        }
      }
      grown.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// A cursor that begins with this number, or with what is left after it.
  public Cursor from(long seq) {
    if (seq < 1) {
      throw new IllegalArgumentException("sequence numbers begin with 1, not " + seq);
    }
    return new Cursor(seq);
  }

  private int slot(long seq) {
    return (int) seq & (ring.length - 1);
  }

  private void grow() {
    Entry[] larger = new Entry[ring.length * 2];
    for (long seq = oldest; seq < nextSeq; seq++) {
      larger[(int) seq & (larger.length - 1)] = ring[slot(seq)];
    }
    ring = larger;
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
    private long next;

    private Cursor(long next) {
      this.next = next;
    }

    /// The number that the next call begins with.
    public long position() {
      return next;
    }

    /// Waits for entries and takes at most `max` of them, in order; empty when the log is closed
    /// and read to its end. Where the log has moved past this cursor, the first entry is the one
    /// `events-lost`.
    public Optional<List<Entry>> take(int max) throws InterruptedException {
      lock.lockInterruptibly();
      try {
        while (next >= nextSeq) {
          if (closed) {
            return Optional.empty();
          }
          grown.await();
        }
        List<Entry> taken =
            new ArrayList<>((int) Math.min(max, nextSeq - Math.max(next, oldest) + 1));
        if (next < oldest) {
          taken.add(new Entry(oldest - 1, lost(next, oldest - 1)));
          next = oldest;
        }
        while (next < nextSeq && taken.size() < max) {
          taken.add(ring[slot(next++)]);
        }
        return Optional.of(taken);
      } finally {
        lock.unlock();
      }
    }

    private EventsLost lost(long first, long last) {
      return new EventsLost(
          new Sighting(clock.instant(), Optional.empty(), Source.POLL),
          EventsLost.Where.LOG,
          OptionalLong.of(first),
          OptionalLong.of(last),
          OptionalLong.of(last - first + 1));
    }
  }
}
