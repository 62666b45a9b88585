package dev.nsmon.monitor;

import dev.nsmon.namespace.HostClock;
import dev.nsmon.namespace.Step;
import dev.nsmon.procfs.PushFollower;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.LongConsumer;

/// Looks after what a push source tells: now and then compares everything with it, asks after what
/// nobody reports, and has namespaces searched whose end only that can prove.
final class Reconciler {
  private static final int SEARCH_REST = 10;
  private static final long SEARCH_PAUSE_NANOS = 50_000_000;

  /// What changed while a look was under way may have been reported to nobody: the first comparison
  /// after one does not wait for its turn.
  private static final long FIRST_NANOS = 2_000_000_000L;

  private final PushFollower follower;
  private final HostClock clock;
  private final long intervalNanos;
  private final long reconcileNanos;
  private final BiConsumer<List<Step>, Boolean> steps;
  private final LongConsumer compared;

  private long nextAsk;
  private long nextReconcile;
  private long nextSearch;

  /// Whether those are yet to be asked after that were on their way out at the last look, and whose
  /// records are to be in before.
  private boolean asksExiting;

  private long exitingNanos;

  /// Records older than this are to be in before suspects are looked at again.
  private long suspectNanos;

  /// @param steps takes what was found, and whether the source should have told it
  /// @param compared takes how long each comparison has taken, in nanoseconds
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

  /// Everything has just been looked at.
  void looked(long now) {
    nextAsk = now + intervalNanos;
    nextReconcile = now + Math.min(reconcileNanos, FIRST_NANOS);
    asksExiting = true;
    exitingNanos = now;
  }

  /// Does what is due.
  ///
  /// @param untilNanos records older than this are in
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

  /// When there is something to do next, by [HostClock#nanoTime()].
  long dueNanos() {
    long due = Math.min(nextAsk, follower.settleDueNanos());
    if (!follower.hasSuspects()) {
      due = Math.min(due, nextReconcile);
    }
    // Else no comparison runs before the suspects are cleared up. They wait for a watermark of the
    // source, and that comes as a push, which wakes the monitor by itself.
    return !follower.isSearching() && follower.needsSearch() ? Math.min(due, nextSearch) : due;
  }

  /// A time in words.
  static String words(Duration time) {
    return time.toMillis() % 1000 == 0 ? time.toSeconds() + " s" : time.toMillis() + " ms";
  }
}
