package dev.nsmon.journal;

import dev.nsmon.format.JsonFormat;
import dev.nsmon.log.Present;
import dev.nsmon.namespace.HostClock;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/// Makes checkpoints of the host's state when they are due. Each is made on a thread of its own,
/// because the monitor may take a while to return the state. The writer must not wait for that.
/// Called by the writer's thread.
final class StateMaker {
  /// Lower limit of [#events]. A start replays the events since the newest checkpoint with cold
  /// code, at about 50 µs each.
  private static final long LEAST_EVENTS = 4_000;

  /// Upper limit of [#events].
  private static final long MOST_EVENTS = 20_000;

  /// Bytes of a checkpoint per event since the previous one. That is about a twentieth of the size
  /// of the event itself.
  private static final long BYTES_OF_EVENT = 32;

  /// Age of the newest checkpoint at which the next one is due, if there are new events.
  private static final long AGE_NANOS = Duration.ofMinutes(10).toNanos();

  /// After a checkpoint, none is made for this many times the duration that it took.
  private static final int PART = 20;

  private final Supplier<Present> present;
  private final boolean includeInitial;
  private final JsonFormat format;
  private final HostClock clock;
  private final Parent parent;
  private final AtomicReference<Checkpoint> made = new AtomicReference<>();
  private volatile long idleUntil;
  private Thread thread;
  private long lastSeq;
  private long events = LEAST_EVENTS;
  private long lastNanos;

  StateMaker(
      Supplier<Present> present,
      boolean includeInitial,
      JsonFormat format,
      long lastSeq,
      HostClock clock,
      Parent parent) {
    this.parent = parent;
    this.present = present;
    this.includeInitial = includeInitial;
    this.format = format;
    this.lastSeq = lastSeq;
    this.clock = clock;
    this.idleUntil = clock.nanoTime();
    this.lastNanos = idleUntil;
  }

  /// Starts a checkpoint if one is due or wanted, and there are events that the previous one does
  /// not include.
  ///
  /// @param seq sequence number of the last event that the writer has inserted
  /// @param wanted whether one is needed before it is due
  void consider(long seq, boolean wanted) {
    long now = clock.nanoTime();
    boolean due = seq - lastSeq >= events || (seq > lastSeq && now - lastNanos >= AGE_NANOS);
    if ((due || (wanted && seq > lastSeq)) && !isAtWork() && now - idleUntil >= 0) {
      begin();
    }
  }

  /// True while a checkpoint is being made or has not been taken yet.
  boolean isAtWork() {
    return (thread != null && thread.isAlive()) || made.get() != null;
  }

  private void begin() {
    thread = Thread.ofPlatform().daemon().name("journal-state").start(this::make);
  }

  private void make() {
    try {
      Present now = present.get();
      long began = clock.nanoTime();
      if (now != null && now.seq() > 0) {
        made.set(Checkpoint.of(now, includeInitial, format));
      }
      idleUntil = clock.nanoTime() + PART * (clock.nanoTime() - began);
    } catch (IOException e) {
      // Without this checkpoint a start replays more events, which only takes longer.
      idleUntil = clock.nanoTime() + Duration.ofSeconds(1).toNanos();
    } catch (RuntimeException | Error e) {
      // The next checkpoint is made by a new thread.
      idleUntil = clock.nanoTime() + parent.failed(e).toNanos();
      parent.works();
    }
  }

  /// Takes the checkpoint that is ready, to be written. Returns null if there is none, or if it
  /// includes events after `written`. An outdated checkpoint is discarded.
  Checkpoint take(long written) {
    Checkpoint checkpoint = made.get();
    if (checkpoint == null || checkpoint.seq() > written) {
      return null;
    }
    made.set(null);
    if (checkpoint.seq() < lastSeq) {
      return null;
    }
    lastSeq = checkpoint.seq();
    events = Math.clamp(checkpoint.data().length / BYTES_OF_EVENT, LEAST_EVENTS, MOST_EVENTS);
    lastNanos = clock.nanoTime();
    return checkpoint;
  }

  /// Makes a checkpoint of the final state and waits for it. Returns null if it is not ready in
  /// time, or if the newest checkpoint includes the last event already.
  Checkpoint takeLast(long written, Duration patience) throws InterruptedException {
    if (written == lastSeq) {
      return null;
    }
    if (thread != null && !thread.join(patience)) {
      return null;
    }
    made.set(null);
    begin();
    return thread.join(patience) ? take(written) : null;
  }
}
