package dev.nsmon.journal;

import dev.nsmon.format.JsonFormat;
import dev.nsmon.log.Present;
import dev.nsmon.namespace.HostClock;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/// Has checkpoints made when it is time for one. On a thread of its own: whoever is asked for the
/// present state may take a while to answer, and the writer has no time to wait.
final class StateMaker {
  /// A start reads the events since the newest one, with code that is cold: some 50 µs each.
  private static final long LEAST_EVENTS = 4_000;

  private static final long MOST_EVENTS = 20_000;

  /// As many bytes of a checkpoint for an event are a twentieth of what the event itself takes.
  private static final long BYTES_OF_EVENT = 32;

  private static final long AGE_NANOS = Duration.ofMinutes(10).toNanos();

  /// One part of the time at most is spent on it.
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

  /// Has one made, if enough has happened since the one before.
  ///
  /// @param seq the last event that is written
  /// @param wanted whether there is a need for one
  void consider(long seq, boolean wanted) {
    long now = clock.nanoTime();
    boolean due = seq - lastSeq >= events || (seq > lastSeq && now - lastNanos >= AGE_NANOS);
    if ((due || (wanted && seq > lastSeq)) && !isAtWork() && now - idleUntil >= 0) {
      begin();
    }
  }

  /// Whether one is being made, or waits to be taken.
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
      // The events tell the state too, only not as fast.
      idleUntil = clock.nanoTime() + Duration.ofSeconds(1).toNanos();
    } catch (RuntimeException | Error e) {
      // The next one is made by another thread.
      idleUntil = clock.nanoTime() + parent.failed(e).toNanos();
      parent.works();
    }
  }

  /// One that is made and includes nothing that is not written, to be written; null if there is
  /// none.
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

  /// Waits for one of the very end; null if nobody can tell in time.
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
