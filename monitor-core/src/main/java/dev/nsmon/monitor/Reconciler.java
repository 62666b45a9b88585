package dev.nsmon.monitor;

import dev.nsmon.namespace.HostClock;
import dev.nsmon.namespace.Step;
import dev.nsmon.procfs.PushFollower;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.LongConsumer;

/// Reconciles the records of a push source with `/proc`, at intervals. It compares all processes,
/// and checks the liveness of namespaces whose end no record shows. It also starts holder searches,
/// which alone can prove the end of some namespaces.
final class Reconciler {
  private static final int SEARCH_REST = 10;
  private static final long SEARCH_PAUSE_NANOS = 50_000_000;

  /// The longest time from a full scan to the first comparison after it. A change during the scan
  /// may be in no record, so that comparison does not wait for the whole interval.
  private static final long FIRST_NANOS = 2_000_000_000L;

  private final PushFollower follower;
  private final HostClock clock;
  private final long intervalNanos;
  private final long reconcileNanos;
  private final BiConsumer<List<Step>, Boolean> steps;
  private final LongConsumer compared;

  // When each task is due next, by HostClock.nanoTime().
  private long nextAsk;
  private long nextReconcile;
  private long nextSearch;

  /// True from the end of a full scan until the push watermark has passed it. While true, tasks
  /// that were exiting (`PF_EXITING`) during that scan must be read again once. Their EXIT record
  /// may be older than the source. Set by [#looked], cleared by [#run].
  private boolean asksExiting;

  /// The end of the last full scan.
  private long exitingNanos;

  /// When suspects were last added or confirmed. They are read again once the watermark has passed
  /// this time.
  private long suspectNanos;

  /// @param steps receives what was found, and true if the push source should have delivered it
  /// @param compared receives the duration of each comparison, in nanoseconds
  Reconciler(
      PushFollower follower,
      MonitorSettings settings,
      HostClock clock,
      BiConsumer<List<Step>, Boolean> steps,
      LongConsumer compared) {
    this.follower = follower;
    this.clock = clock;
    this.intervalNanos = settings.interval().toNanos();
    this.reconcileNanos = settings.reconcile().toNanos();
    this.steps = steps;
    this.compared = compared;
  }

  /// Notes that a full scan has ended, and restarts the intervals.
  void looked(long now) {
    nextAsk = now + intervalNanos;
    nextReconcile = now + Math.min(reconcileNanos, FIRST_NANOS);
    asksExiting = true;
    exitingNanos = now;
  }

  /// Runs the tasks that are due.
  ///
  /// @param untilNanos the watermark of the push source: all older records have been applied
  /// @throws IOException if /proc can't be listed
  void run(long now, long untilNanos) throws IOException {
    if (asksExiting && untilNanos >= exitingNanos) {
      asksExiting = false;
      steps.accept(follower.askExiting(), false);
    }
    if (now >= follower.settleDueNanos()) {
      steps.accept(follower.settle(), false);
    }
    if (now >= nextAsk) {
      nextAsk = now + intervalNanos;
      steps.accept(follower.askAll(), false);
    }
    if (follower.hasSuspects()) {
      if (untilNanos >= suspectNanos) {
        suspectNanos = clock.nanoTime();
        steps.accept(follower.confirm(), true);
      }
    } else if (now >= nextReconcile) {
      nextReconcile = now + reconcileNanos;
      compare();
      steps.accept(follower.search(), false);
    }
    if (now >= nextSearch && !follower.isSearching() && follower.needsSearch()) {
      nextSearch = now + intervalNanos;
      compare();
      steps.accept(follower.search(), false);
      long took = clock.nanoTime() - now;
      nextSearch = now + Math.max(SEARCH_PAUSE_NANOS, took * SEARCH_REST);
    }
  }

  private void compare() throws IOException {
    long began = clock.nanoTime();
    List<Step> found = follower.compare();
    compared.accept(clock.nanoTime() - began);
    steps.accept(found, false);
    suspectNanos = clock.nanoTime();
  }

  /// When the next task is due, by [HostClock#nanoTime()].
  long dueNanos() {
    long due = Math.min(nextAsk, follower.settleDueNanos());
    if (!follower.hasSuspects()) {
      due = Math.min(due, nextReconcile);
    }
    // While there are suspects, no periodic comparison runs. They wait for a watermark of the
    // source, which arrives as a push and so wakes the monitor.
    return !follower.isSearching() && follower.needsSearch() ? Math.min(due, nextSearch) : due;
  }

  /// Formats a duration in whole seconds, such as `30 s`, or else in milliseconds.
  static String words(Duration time) {
    return time.toMillis() % 1000 == 0 ? time.toSeconds() + " s" : time.toMillis() + " ms";
  }
}
