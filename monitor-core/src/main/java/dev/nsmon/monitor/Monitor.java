package dev.nsmon.monitor;

import dev.nsmon.event.SnapshotDiff;
import dev.nsmon.log.EventLog;
import dev.nsmon.namespace.Snapshot;
import dev.nsmon.procfs.ProcScanner;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// The loop: look, compare with the look before, append what changed to the log.
///
/// One thread, named `monitor`, runs it and owns all state. The next look begins an interval after
/// the last one began, and never sooner than four times as long after as the shorter of the last
/// two took, so that looking takes about a quarter of one core at most.
public final class Monitor {
  private static final int REST = 3;

  private final ProcScanner scanner;
  private final SnapshotDiff diff;
  private final EventLog log;
  private final long intervalNanos;
  private final Consumer<Snapshot> firstLook;
  private final Consumer<String> remarks;
  private final CountDownLatch stop = new CountDownLatch(1);
  private final Thread thread;
  private long lastTook = Long.MAX_VALUE;
  private boolean slowed;
  private boolean failing;
  private volatile boolean failed;

  /// @param firstLook takes the snapshot of the first look, when it has been told
  /// @param remarks takes words for people, each when something has changed
  public Monitor(
      ProcScanner scanner,
      SnapshotDiff diff,
      EventLog log,
      Duration interval,
      Consumer<Snapshot> firstLook,
      Consumer<String> remarks) {
    this.scanner = scanner;
    this.diff = diff;
    this.log = log;
    this.intervalNanos = interval.toNanos();
    this.firstLook = firstLook;
    this.remarks = remarks;
    this.thread = Thread.ofPlatform().name("monitor").daemon().unstarted(this::run);
  }

  /// Starts it.
  public void start() {
    thread.start();
  }

  /// Lets it finish the look it is at, and ends the log. Returns at once; may be called twice.
  public void stop() {
    stop.countDown();
  }

  /// Whether it ended by itself, because there was nothing to look at or it has a bug.
  public boolean hasFailed() {
    return failed;
  }

  private void run() {
    try (scanner;
        log) {
      loop();
    }
  }

  private void loop() {
    try {
      Snapshot previous = first();
      long began = System.nanoTime();
      while (previous != null && !isStopped(began, previous.report().nanos())) {
        began = System.nanoTime();
        previous = next(previous);
      }
    } catch (RuntimeException | Error e) {
      // Before the log is closed, which is what others take for the end.
      failed = true;
      remarks.accept("the monitor has failed, which is a bug: " + e);
      throw e;
    }
  }

  private Snapshot first() {
    try {
      Snapshot first = scanner.look();
      log.append(diff.baseline(first));
      firstLook.accept(first);
      return first;
    } catch (IOException e) {
      failed = true;
      remarks.accept("can't read /proc: " + e.getMessage());
      return null;
    }
  }

  private Snapshot next(Snapshot previous) {
    try {
      Snapshot next = scanner.look();
      log.append(diff.between(previous, next));
      if (failing) {
        failing = false;
        remarks.accept("/proc can be read again");
      }
      return next;
    } catch (IOException e) {
      if (!failing) {
        failing = true;
        remarks.accept("can't read /proc, and will try again: " + e.getMessage());
      }
      return previous;
    }
  }

  private boolean isStopped(long began, long took) {
    // The shorter of two: a search for holders makes one look in many a long one.
    long due = Math.max(intervalNanos, Math.min(took, lastTook) * (REST + 1));
    lastTook = took;
    if (due > intervalNanos != slowed) {
      slowed = !slowed;
      remarks.accept(
          slowed
              ? "a look takes "
                  + Duration.ofNanos(took).toMillis()
                  + " ms: looking every "
                  + Duration.ofNanos(due).toMillis()
                  + " ms, not every "
                  + Duration.ofNanos(intervalNanos).toMillis()
              : "looking at the asked interval again");
    }
    try {
      return stop.await(began + due - System.nanoTime(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      return true;
    }
  }
}
