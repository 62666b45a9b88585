package dev.nsmon.procfs;

import dev.nsmon.namespace.HostClock;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// A long task that is done a slice at a time, on a thread of its own which works only while its
/// owner waits for it: what both use needs no other lock, and the owner waits no longer than a
/// slice.
///
/// The task says where it may be interrupted ([#pause]). A call that may take long, and that
/// touches nothing of the owner's, it makes [#away]: the owner waits for that until the slice is
/// over and then goes on without it. After a slice the task rests for nine times the CPU time that
/// it took, so that it uses a tenth of a CPU at most.
///
/// One task at a time. [#pause] and [#away] are for the task, all else is for the owner's thread.
final class Slices implements AutoCloseable {
  private static final int REST = 9;

  private enum State {
    /// There is no task.
    IDLE,
    /// The task works, and the owner waits.
    WORKING,
    /// The task is away, and the owner waits for it until the slice is over.
    AWAY,
    /// The task is away, and the owner has gone on.
    ALONE,
    /// The task waits for its next slice.
    RESTING
  }

  /// Ends a task that nobody waits for any more.
  private static final class Abandoned extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  private final HostClock clock;
  private final long nanos;
  private final LongSupplier threadCpu;
  private final Runnable ready;
  private final Runnable ended;
  private final Thread thread;

  /// The right to touch what owner and task share.
  private final ReentrantLock lock = new ReentrantLock();

  private final Condition changed = lock.newCondition();
  private State state = State.IDLE;
  private Runnable task;
  private Throwable failure;
  private boolean closed;
  private long sliceEnds;

  /// When the next slice may begin.
  private long nextNanos;

  /// Since when the owner goes on without the task that is away.
  private long aloneSince;

  /// CPU time of the task's thread when the slice began.
  private long cpuBegan;

  /// @param slice how long the owner waits at most
  /// @param threadCpu CPU time of the calling thread in nanoseconds
  /// @param ready called when a task has come back whose owner had gone on; by the task's thread
  /// @param ended called when there will be no task any more; by the task's thread, if there is one
  Slices(HostClock clock, Duration slice, LongSupplier threadCpu, Runnable ready, Runnable ended) {
    this.clock = clock;
    this.nanos = slice.toNanos();
    this.threadCpu = threadCpu;
    this.ready = ready;
    this.ended = ended;
    this.thread = Thread.ofPlatform().daemon().name("search").unstarted(this::run);
  }

  /// Begins a task, whose first slice may follow at once.
  void begin(Runnable next) {
    lock.lock();
    try {
      task = next;
      failure = null;
      state = State.RESTING;
      nextNanos = clock.nanoTime();
      if (thread.getState() == Thread.State.NEW) {
        thread.start();
      }
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    lock.lock();
    try {
      while (true) {
        waitForSlice();
        try {
          task.run();
        } catch (Abandoned e) {
          throw e;
        } catch (RuntimeException | Error e) {
          failure = e;
        }
        yieldTo(State.IDLE);
      }
    } catch (Abandoned e) {
      state = State.IDLE;
      ended.run();
    } finally {
      lock.unlock();
    }
  }

  /// Has the task work for a slice, if it is not away.
  ///
  /// @return whether there is no task any more; what it failed with is thrown
  boolean advance() {
    lock.lock();
    try {
      if (state == State.RESTING) {
        sliceEnds = clock.nanoTime() + nanos;
        state = State.WORKING;
        changed.signalAll();
      }
      while (state == State.WORKING || state == State.AWAY) {
        if (state == State.WORKING) {
          changed.awaitUninterruptibly();
        } else {
          awaitReturn();
        }
      }
      switch (failure) {
        case null -> {}
        case RuntimeException e -> throw e;
        case Error e -> throw e;
        default -> throw new AssertionError(failure);
      }
      return state == State.IDLE;
    } finally {
      lock.unlock();
    }
  }

  /// Waits for a task that is away, until its slice is over.
  private void awaitReturn() {
    long left = sliceEnds - clock.nanoTime();
    try {
      while (state == State.AWAY && left > 0) {
        left = changed.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (state == State.AWAY) {
      state = State.ALONE;
      aloneSince = clock.nanoTime();
    }
  }

  /// When [#advance] has something to do, by [HostClock#nanoTime()]; [Long#MAX_VALUE] while there
  /// is no task or it is away.
  long dueNanos() {
    return locked(() -> state == State.RESTING ? nextNanos : Long.MAX_VALUE);
  }

  /// For how long the owner has been going on without a task that is away; 0 if it has not.
  long aloneNanos() {
    return locked(() -> state == State.ALONE ? Math.max(clock.nanoTime() - aloneSince, 1) : 0L);
  }

  /// Whether there is no task.
  boolean isIdle() {
    return locked(() -> state == State.IDLE);
  }

  private <T> T locked(Supplier<T> answer) {
    lock.lock();
    try {
      return answer.get();
    } finally {
      lock.unlock();
    }
  }

  /// When a task that begins now would have rested after the last slice.
  long restsUntil() {
    return nextNanos;
  }

  /// Lets the owner go on if the slice is over.
  void pause() {
    if (clock.nanoTime() - sliceEnds >= 0) {
      yieldTo(State.RESTING);
      waitForSlice();
    }
  }

  /// Makes a call that may take long and that touches nothing of the owner's.
  void away(Runnable call) {
    state = State.AWAY;
    changed.signalAll();
    lock.unlock();
    try {
      call.run();
    } finally {
      lock.lock();
      if (state == State.ALONE) {
        yieldTo(State.RESTING);
        ready.run();
        waitForSlice();
      }
      state = State.WORKING;
    }
  }

  private void yieldTo(State next) {
    nextNanos = clock.nanoTime() + REST * (threadCpu.getAsLong() - cpuBegan);
    state = next;
    changed.signalAll();
  }

  private void waitForSlice() {
    while (state != State.WORKING) {
      if (closed) {
        throw new Abandoned();
      }
      changed.awaitUninterruptibly();
    }
    cpuBegan = threadCpu.getAsLong();
  }

  /// Ends the task where it pauses, or when its call is over; that is not waited for.
  @Override
  public void close() {
    boolean away =
        locked(
            () -> {
              closed = true;
              changed.signalAll();
              return state == State.ALONE;
            });
    if (thread.getState() == Thread.State.NEW) {
      ended.run();
    } else if (!away) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
