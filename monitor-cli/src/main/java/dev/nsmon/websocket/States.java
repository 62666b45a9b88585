package dev.nsmon.websocket;

import dev.nsmon.event.NamespaceEvent.EventsLost;
import dev.nsmon.event.NamespaceEvent.Sighting;
import dev.nsmon.event.Source;
import dev.nsmon.log.Entry;
import dev.nsmon.log.EventLog;
import dev.nsmon.log.Present;
import dev.nsmon.namespace.HostClock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/// Cache of the present state, for clients that begin at about the same time. Any thread; making a
/// state blocks.
final class States {
  /// Up to this age a state is used even if newer records exist.
  private static final long FRESH_NANOS = 1_000_000_000L;

  /// At this age the cached state is dropped, even if no newer record exists.
  private static final long KEPT_NANOS = 10_000_000_000L;

  /// How often the monitor is queried before it has finished its first full scan.
  private static final Duration RETRY = Duration.ofMillis(100);

  private final EventLog log;
  private final Supplier<Present> present;
  private final boolean includeInitial;
  private final Fed fed;
  private final HostClock clock;
  private final ReentrantLock lock = new ReentrantLock();

  /// The cached state, or null. Guarded by the lock.
  private State last;

  /// When it was made, by the monotonic clock.
  private volatile long madeNanos;

  /// Whether there is one; read without the lock.
  private volatile boolean cached;

  /// @param fed position of the clients' stream
  States(
      EventLog log, Supplier<Present> present, boolean includeInitial, Fed fed, HostClock clock) {
    this.clock = clock;
    this.log = log;
    this.present = present;
    this.includeInitial = includeInitial;
    this.fed = fed;
  }

  /// The present state, or one that is recent enough. Blocks until the first full scan is finished
  /// and until all records that the state includes are fed. Empty if the monitor ended before its
  /// first scan.
  Optional<State> get() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      if (last == null || !isGood()) {
        forget();
        Optional<Present> now = ask();
        if (now.isEmpty()) {
          return Optional.empty();
        }
        last = new State(now.get(), includeInitial);
        madeNanos = clock.nanoTime();
        cached = true;
      }
      return Optional.of(last);
    } finally {
      lock.unlock();
    }
  }

  private boolean isGood() {
    return clock.nanoTime() - madeNanos < FRESH_NANOS || log.nextSeq() - 1 == last.seq();
  }

  private Optional<Present> ask() throws InterruptedException {
    while (true) {
      boolean ended = fed.hasEnded();
      Present now = present.get();
      if (now.seq() > 0) {
        // A journal may still lose records that are not on disk, and these are not fed. A state
        // must not include them.
        fed.await(now.seq());
        return Optional.of(now);
      }
      if (ended) {
        return Optional.empty();
      }
      clock.sleep(RETRY);
    }
  }

  /// Drops an old state, unless another thread has the lock.
  void expire() {
    if (cached && clock.nanoTime() - madeNanos >= KEPT_NANOS) {
      clear();
    }
  }

  /// Drops the cached state, unless another thread has the lock.
  void clear() {
    if (lock.tryLock()) {
      try {
        forget();
      } finally {
        lock.unlock();
      }
    }
  }

  private void forget() {
    if (last != null) {
      last.close();
      last = null;
      cached = false;
    }
  }

  /// An `events-lost` without numbers, for a client whose position does not exist here.
  List<Segment> lost(FrameEncoder encoder) {
    EventsLost lost =
        new EventsLost(
            new Sighting(clock.instant(), Optional.empty(), Source.BASELINE),
            EventsLost.Where.LOG,
            OptionalLong.empty(),
            OptionalLong.empty(),
            OptionalLong.empty());
    return Segment.of(
        encoder,
        List.of(new Entry(0, lost)),
        entry -> encoder.encodeUnnumbered("lost/" + clock.nanoTime(), entry.event()));
  }
}
