package dev.nsmon.perf;

import dev.nsmon.libc.Libc;
import dev.nsmon.namespace.HostClock;
import dev.nsmon.namespace.NamespaceType;
import dev.nsmon.push.Inodes;
import dev.nsmon.push.KernelRecord;
import dev.nsmon.push.Push;
import dev.nsmon.push.PushSource;
import java.io.IOException;
import java.util.List;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/// Push source that reads perf records: every fork, exec, exit, unshare and setns on the host
/// (`perf_event_open(2)`, `PERF_RECORD_NAMESPACES`, Linux 4.12). The records name the inodes of
/// seven namespace types. No record names a time namespace.
///
/// The kernel writes to one ring per CPU. A thread named `perf` drains the rings by a timer. A
/// wake-up for each record would cost fifty times as much as reading it, partly at the expense of
/// the recorded task. Only when no record has come for a while does the thread sleep until the next
/// one wakes it. Batches therefore lag some milliseconds behind.
///
/// [#start] and [#close] are called by one thread, the other methods by any.
public final class PerfSource implements PushSource {
  /// The longest time between two batches, unless [#hold] stops the reader. An empty batch advances
  /// the consumer's watermark.
  private static final long SILENCE_NANOS = 500_000_000;

  /// How often to check which CPUs are online and how many records were lost.
  private static final long CHECK_NANOS = 1_000_000_000;

  private final Inodes initial;
  private final HostClock clock;
  private final PerfTuning tuning;
  private final Sieve sieve;
  private final Pacer pacer;
  private final Hold hold = new Hold();
  private final Queue<Followed> toFollow = new ConcurrentLinkedQueue<>();

  /// Held by the `perf` thread while it replaces [#cpus], and by [#close] while it sets [#closed]
  /// and wakes that thread.
  private final Object replacing = new Object();

  private OwnNamespaces own;
  private PerfCpus cpus;
  private Thread thread;
  private volatile boolean closed;

  private final Backoff backoff = new Backoff();

  // The fields below belong to the `perf` thread once it runs; start() sets them before.
  private long checkedAt;

  /// The watermark of the last batch.
  private long toldUntil;

  /// The watermark of the last drain: all older records have been read.
  private long drainedUntil;

  /// A ring was more than a quarter full at the last drain.
  private boolean filling;

  /// The pause after the last drain, in nanoseconds. Set to 0 by [#rest] if it waited for a wake-up
  /// and none came.
  private long pause;

  /// True if the last [#rest] ended because a record had come.
  private boolean rung;

  /// No waiting for wake-ups until this time. Set when a wake-up brought no record.
  private long deafUntil = Long.MIN_VALUE;

  /// @param initial inodes of the host's initial namespaces
  /// @param everything report all records; drop none as irrelevant
  /// @param clock the clock of the kernel's time stamps
  public PerfSource(Inodes initial, boolean everything, HostClock clock) {
    this(initial, everything, clock, PerfTuning.DEFAULT);
  }

  PerfSource(Inodes initial, boolean everything, HostClock clock, PerfTuning tuning) {
    this.initial = initial;
    this.clock = clock;
    this.tuning = tuning;
    this.sieve = new Sieve(initial, everything);
    this.pacer = new Pacer(tuning);
  }

  @Override
  public void start(Consumer<Push> out) throws IOException {
    if (thread != null || closed) {
      throw new IllegalStateException("it has been started or closed before");
    }
    Libc libc = new Libc();
    String obstacle =
        OwnNamespaces.obstacle(libc, initial.of(NamespaceType.PID), initial.of(NamespaceType.TIME));
    if (!obstacle.isEmpty()) {
      throw new IOException(obstacle);
    }
    PerfCpus opened = new PerfCpus(libc, tuning);
    opened.open();
    cpus = opened;
    own = new OwnNamespaces(libc);
    begin();
    thread = Thread.ofPlatform().daemon().name("perf").start(() -> run(out));
  }

  private void begin() {
    // A scan that begins after this already sees the effects of older records.
    sieve.since(clock.nanoTime());
    drainedUntil = clock.nanoTime() - tuning.holdNanos();
    toldUntil = drainedUntil;
    checkedAt = drainedUntil;
  }

  @Override
  public void follow(int[] pids) {
    toFollow.add(new Followed(pids.clone(), clock.nanoTime()));
  }

  @Override
  public void hold(boolean wanted) {
    hold.want(wanted);
  }

  @Override
  public boolean isHalfFull() {
    return hold.isHalfFull();
  }

  private void run(Consumer<Push> out) {
    do {
      try {
        while (!closed) {
          if (hold.holds(cpus)) {
            LockSupport.parkNanos(tuning.busyNanos());
            continue;
          }
          int told = drain(out);
          pause = pacer.next(sieve.taken(), told, filling);
          rest();
        }
      } catch (RuntimeException | Error e) {
        out.accept(new Push.Down("the perf source has failed, which is a bug: " + e));
        if (e instanceof OutOfMemoryError end) {
          throw end;
        }
      }
    } while (reopen(out));
  }

  /// Opens the events again after a failure, with exponential backoff from 1 s to 30 s.
  ///
  /// @return false if the source was closed
  private boolean reopen(Consumer<Push> out) {
    while (!closed) {
      LockSupport.parkNanos(backoff.nextNanos(clock.nanoTime()));
      synchronized (replacing) {
        if (!closed && areOpenedAnew()) {
          sieve.forget();
          begin();
          out.accept(new Push.Up());
          return true;
        }
      }
    }
    return false;
  }

  private boolean areOpenedAnew() {
    cpus.close();
    cpus = new PerfCpus(new Libc(), tuning);
    try {
      cpus.open();
      return true;
    } catch (IOException e) {
      // The failure was already reported as Down; the next attempt follows.
      return false;
    }
  }

  private void rest() {
    if (rung && sieve.taken() == 0) {
      // A CPU that has gone offline causes wake-ups without records until update() retires it.
      deafUntil = drainedUntil + CHECK_NANOS;
    }
    PerfBells bells = cpus.bells();
    if (bells.areThere()
        && pacer.isCalm(sieve.taken())
        && drainedUntil >= deafUntil
        && cpus.areEmpty()) {
      bells.arm();
      long silence = SILENCE_NANOS - (drainedUntil - toldUntil);
      rung = !cpus.areEmpty() || bells.await((int) Math.max(1, silence / 1_000_000));
      pause = rung ? tuning.busyNanos() : 0;
    } else {
      rung = false;
    }
    if (pause > 0 && !closed) {
      bells.disarm();
      LockSupport.parkNanos(pause);
    }
  }

  /// Drains the rings once and returns how many records were handed over.
  private int drain(Consumer<Push> out) {
    for (Followed more = toFollow.poll(); more != null; more = toFollow.poll()) {
      sieve.follow(more.pids(), more.nanos());
    }
    // The clock is read before the rings. A record older than the hold time that is in no ring by
    // now can't come any more.
    long now = clock.nanoTime();
    long until = now - tuning.holdNanos();
    sieve.begin(drainedUntil);
    filling = RingMerge.drain(cpus.rings(), until, sieve);
    drainedUntil = until;
    tellLost(out, now);
    List<KernelRecord> records = sieve.drainRecords();
    if (!records.isEmpty() || until - toldUntil + pause >= SILENCE_NANOS) {
      out.accept(new Push.Batch(records, until));
      toldUntil = until;
    }
    return records.size();
  }

  private void tellLost(Consumer<Push> out, long now) {
    boolean check = now - checkedAt >= CHECK_NANOS;
    long lost = sieve.drainLost();
    if (cpus.countsLost() && (check || lost > 0)) {
      // The kernel writes a LOST record only when it has room again, so its counters are ahead of
      // it.
      lost = cpus.drainLost();
    }
    boolean unknown = cpus.wereBroken();
    if (check) {
      checkedAt = now;
      unknown |= cpus.update();
    }
    if (lost > 0) {
      out.accept(new Push.Lost(OptionalLong.of(lost)));
    }
    if (unknown) {
      out.accept(new Push.Lost(OptionalLong.empty()));
    }
    if (lost > 0 || unknown) {
      sieve.forget();
    }
  }

  @Override
  public void close() {
    synchronized (replacing) {
      closed = true;
      if (cpus == null) {
        return;
      }
      cpus.bells().wake();
    }
    LockSupport.unpark(thread);
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    cpus.close();
    own.close();
    cpus = null;
  }
}
