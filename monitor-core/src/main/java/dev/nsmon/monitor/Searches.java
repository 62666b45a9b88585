package dev.nsmon.monitor;

import dev.nsmon.namespace.Step;
import dev.nsmon.procfs.PushFollower;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/// Continues holder searches, which run in slices between other work, and reports a search that
/// takes too long. Monitor thread only.
final class Searches {
  /// A search that takes longer is reported as behind.
  static final Duration PATIENCE = Duration.ofSeconds(10);

  private final PushFollower follower;
  private final MonitorStats stats;
  private final Consumer<String> remarks;
  // True if the last message to the user was that a search is behind.
  private boolean behind;

  Searches(PushFollower follower, MonitorStats stats, Consumer<String> remarks) {
    this.follower = follower;
    this.stats = stats;
    this.remarks = remarks;
  }

  /// When a search can continue, by [dev.nsmon.namespace.HostClock#nanoTime()]; [Long#MAX_VALUE] if
  /// there is none.
  long dueNanos() {
    return follower.searchDueNanos();
  }

  /// Runs a slice if one is due, and returns what it has found.
  List<Step> run(long now) {
    return now >= dueNanos() ? follower.search() : List.of();
  }

  /// Updates the statistics, and reports when a search falls behind or has caught up.
  void note() {
    long nanos = follower.searchBehindNanos();
    stats.searchBehind(nanos);
    if (behind != nanos >= PATIENCE.toNanos()) {
      behind = !behind;
      remarks.accept(
          behind
              ? "the search for what mounts, descriptors and sockets hold is behind: what only they"
                  + " hold may be told late"
              : "the search for what mounts, descriptors and sockets hold has caught up");
    }
  }
}
