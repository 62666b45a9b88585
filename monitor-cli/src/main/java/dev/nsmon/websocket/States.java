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

/// The state for those who come: made for one, and used again for who comes soon after. Any thread
/// may use it, but making one takes time.
final class States {
  /// For so long one is as good as another.
  private static final long FRESH_NANOS = 1_000_000_000L;

  /// One that is still true is kept no longer than this.
  private static final long KEPT_NANOS = 10_000_000_000L;

  /// How often the monitor is asked that has not looked yet.
  private static final Duration RETRY = Duration.ofMillis(100);

  private final EventLog log;
  private final Supplier<Present> present;
  private final boolean includeInitial;
  private final Fed fed;
  private final HostClock clock;
  private final ReentrantLock lock = new ReentrantLock();
  private State last;
  private volatile long madeNanos;
  private volatile boolean cached;

  /// @param fed what the clients can have been sent
  States(
      EventLog log, Supplier<Present> present, boolean includeInitial, Fed fed, HostClock clock) {
    this.clock = clock;
    this.log = log;
    this.present = present;
    this.includeInitial = includeInitial;
    this.fed = fed;
  }

  /// The state of now, or of a moment ago. Waits for the first look, and until all that it includes
  /// may be told; empty if there never was one.
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
        // A durable log may have to take back what nobody was told yet.
        fed.await(now.seq());
        return Optional.of(now);
      }
      if (ended) {
        return Optional.empty();
      }
      clock.sleep(RETRY);
    }
  }

  /// Gives back the memory of one that is old, unless somebody is at it.
  void expire() {
    if (cached && clock.nanoTime() - madeNanos >= KEPT_NANOS) {
      clear();
    }
  }

  /// Gives back the memory, unless somebody is at it.
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

  /// What one is told who asks for what is unknown here.
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
