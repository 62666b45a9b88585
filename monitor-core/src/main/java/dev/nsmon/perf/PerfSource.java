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

/// Reports what the kernel records of every fork, exec, exit, unshare and setns on the host
/// (`perf_event_open(2)`, `PERF_RECORD_NAMESPACES`, Linux 4.12), with the inodes of seven types:
/// the time namespace is in no record.
///
/// The kernel writes to one ring for each CPU. A thread named `perf` drains them by a timer, since
/// to be woken for a record costs fifty times what reading it does, and the task that caused it
/// pays too. Only where nothing has come for a while does it sleep until the next record wakes it.
/// What it says is some milliseconds old.
///
/// [#start] and [#close] are called by one thread, [#follow] by any.
public final class PerfSource implements PushSource {
  /// How long nothing may be said: whoever listens wants to know how far all has been told.
  private static final long SILENCE_NANOS = 500_000_000;

  /// How often to see which CPUs are in use, and what was lost.
  private static final long CHECK_NANOS = 1_000_000_000;

  private final Inodes initial;
  private final HostClock clock;
  private final PerfTuning tuning;
  private final Sieve sieve;
  private final Pacer pacer;
  private final Queue<Followed> toFollow = new ConcurrentLinkedQueue<>();
  private OwnNamespaces own;
  private PerfCpus cpus;
  private Thread thread;
  private volatile boolean closed;

  // Of the thread.
  private long checkedAt;
  private long toldUntil;
  private long drainedUntil;
  private boolean filling;
  private long pause;

  private boolean rung;
  private long deafUntil = Long.MIN_VALUE;

  /// The pids of one call of [#follow].
  private static final class Followed {
    private final int[] pids;
    private final long nanos;

    private Followed(int[] pids, long nanos) {
      this.pids = pids.clone();
      this.nanos = nanos;
    }
  }

  /// @param initial inodes of the host's initial namespaces
  /// @param everything dismiss nothing, ever
  /// @param clock the one that the kernel stamps its records by
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
    // Whoever looks after this sees what was before.
    sieve.since(clock.nanoTime());
    drainedUntil = clock.nanoTime() - tuning.holdNanos();
    toldUntil = drainedUntil;
    checkedAt = drainedUntil;
    thread = Thread.ofPlatform().daemon().name("perf").start(() -> run(out));
  }

  @Override
  public void follow(int[] pids) {
    toFollow.add(new Followed(pids, clock.nanoTime()));
  }

  private void run(Consumer<Push> out) {
    try {
      while (!closed) {
        int told = drain(out);
        pause = pacer.next(sieve.taken(), told, filling);
        rest();
      }
    } catch (RuntimeException | Error e) {
      out.accept(new Push.Down("the perf source has failed, which is a bug: " + e));
    }
  }

  private void rest() {
    if (rung && sieve.taken() == 0) {
      // The bell of a CPU that has gone would ring for nothing until that is noticed.
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

  /// How many records were handed over.
  private int drain(Consumer<Push> out) {
    for (Followed more = toFollow.poll(); more != null; more = toFollow.poll()) {
      sieve.follow(more.pids, more.nanos);
    }
    // The clock is read before the rings are: what is in none of them by then, and was stamped
    // longer than the hold before, does not come any more.
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
      // A LOST record comes before the first that could be written again: the count is ahead.
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
    closed = true;
    if (cpus == null) {
      return;
    }
    LockSupport.unpark(thread);
    cpus.bells().wake();
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
