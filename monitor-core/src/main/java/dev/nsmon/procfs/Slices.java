package dev.nsmon.procfs;

import dev.nsmon.namespace.HostClock;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// Runs a long task in time slices, on a thread of its own. The thread works only while the owner
/// waits in [#advance], so that owner and task share data without further locks.
///
/// The task calls [#pause] where it may be interrupted. It makes a call that may block through
/// [#away]; such a call must not access the owner's data. The owner waits for the call until the
/// slice ends, and then continues without it. After a slice, the next one is due after nine times
/// the CPU time of the slice, so that the task uses at most a tenth of a CPU.
///
/// One task at a time. The task calls [#pause] and [#away]; the owner's thread calls all else.
final class Slices implements AutoCloseable {
  private static final int REST = 9;

  private enum State {
    /// There is no task.
    IDLE,
    /// The task works, and the owner waits.
    WORKING,
    /// The task is in [#away], and the owner waits until the slice ends.
    AWAY,
    /// The task is in [#away], and the owner has continued.
    ALONE,
    /// The task waits for its next slice.
    RESTING
  }

  /// Ends an abandoned task.
  private static final class Abandoned extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  private final HostClock clock;
  private final LongSupplier threadCpu;
  private final Runnable ready;
  private final Runnable ended;
  private final Thread thread;

  /// Held by the task while it works and by the owner while it does not wait.
  private final ReentrantLock lock = new ReentrantLock();

  private final Condition changed = lock.newCondition();
  private State state = State.IDLE;
  private Runnable task;

  /// What the last task threw; null if it threw nothing. Cleared by [#begin].
  private Throwable failure;

  /// Set by [#abandon], cleared when the task has ended. Set for ever by [#close].
  private boolean abandoned;

  private boolean closed;
  private long sliceEnds;

  /// When the next slice is due.
  private long nextNanos;

  /// Start of the state ALONE.
  private long aloneSince;

  /// CPU time of the thread at the start of the slice.
  private long cpuBegan;

  /// @param threadCpu CPU time of the calling thread in nanoseconds
  /// @param ready called when a call of [#away] returns after the owner has continued; task's
  ///   thread
  /// @param ended called once after [#close]; on the task's thread, if it was started
  Slices(HostClock clock, LongSupplier threadCpu, Runnable ready, Runnable ended) {
    this.clock = clock;
    this.threadCpu = threadCpu;
    this.ready = ready;
    this.ended = ended;
    this.thread = Thread.ofPlatform().daemon().name("search").unstarted(this::run);
  }

  /// Starts the thread. To be called once.
  void start() {
    thread.start();
  }

  /// Begins a task. There must be no other.
  void begin(Runnable next) {
    lock.lock();
    try {
      task = next;
      failure = null;
      state = State.RESTING;
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    lock.lock();
    try {
      while (!closed) {
        try {
          waitForSlice();
          task.run();
        } catch (Abandoned e) {
          abandoned = closed;
        } catch (RuntimeException | Error e) {
          failure = e;
        }
        yieldTo(State.IDLE);
      }
      ended.run();
    } finally {
      lock.unlock();
    }
  }

  /// Runs the task for a slice, unless it is away.
  ///
  /// @param slice how long the owner waits at most
  /// @return true if there is no task any more; throws what the task has thrown
  boolean advance(Duration slice) {
    lock.lock();
    try {
      if (state == State.RESTING) {
        sliceEnds = clock.nanoTime() + slice.toNanos();
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

  /// Waits for a task that is away, until its slice ends.
  private void awaitReturn() {
    await(State.AWAY, sliceEnds - clock.nanoTime());
    if (state == State.AWAY) {
      state = State.ALONE;
      aloneSince = clock.nanoTime();
    }
  }

  /// Waits at most so long for a task that is away without its owner.
  ///
  /// @return true if it is not away any more
  boolean isBackWithin(Duration patience) {
    return locked(
        () -> {
          await(State.ALONE, patience.toNanos());
          return state != State.ALONE;
        });
  }

  /// Waits at most so long for the end of this state, or until the thread is interrupted.
  private void await(State passing, long nanos) {
    long left = nanos;
    try {
      while (state == passing && left > 0) {
        left = changed.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// When the next slice of the task is due, by [HostClock#nanoTime()]; [Long#MAX_VALUE] if there
  /// is no task or it is away.
  long dueNanos() {
    return locked(() -> state == State.RESTING ? nextNanos : Long.MAX_VALUE);
  }

  /// When the next slice is due, whether there is a task or not.
  long restsUntil() {
    return locked(() -> nextNanos);
  }

  /// How long a task has been away without its owner, in nanoseconds; 0 if none is.
  long aloneNanos() {
    return locked(() -> state == State.ALONE ? Math.max(clock.nanoTime() - aloneSince, 1) : 0L);
  }

  /// Counts [#aloneNanos] from now on.
  void waitLonger() {
    locked(() -> aloneSince = clock.nanoTime());
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

  /// Ends the slice if it has lasted long enough. Returns when the next one begins.
  void pause() {
    if (clock.nanoTime() - sliceEnds >= 0) {
      yieldTo(State.RESTING);
      waitForSlice();
    }
  }

  /// Makes a call that may block and that does not access the owner's data.
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
      if (abandoned) {
        throw new Abandoned();
      }
      changed.awaitUninterruptibly();
    }
    cpuBegan = threadCpu.getAsLong();
  }

  /// Ends a task that is away as soon as its call returns. Another may begin after that.
  void abandon() {
    locked(() -> abandoned = true);
  }

  /// Ends the thread. A call of [#away] that has not returned is not waited for.
  @Override
  public void close() {
    boolean away =
        locked(
            () -> {
              closed = true;
              abandoned = true;
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
