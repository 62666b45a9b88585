package dev.nsmon.monitor;

import dev.nsmon.namespace.Step;
import dev.nsmon.procfs.PushFollower;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/// Goes on with searches for what holds namespaces, which are done a slice at a time between other
/// things, and says when one is behind. On the monitor's thread.
final class Searches {
  /// A search that takes longer is said to be behind.
  static final Duration PATIENCE = Duration.ofSeconds(10);

  private final PushFollower follower;
  private final MonitorStats stats;
  private final Consumer<String> remarks;
  private boolean behind;

  Searches(PushFollower follower, MonitorStats stats, Consumer<String> remarks) {
    this.follower = follower;
    this.stats = stats;
    this.remarks = remarks;
  }

  /// When there is something to do, by [dev.nsmon.namespace.HostClock#nanoTime()].
  long dueNanos() {
    return follower.searchDueNanos();
  }

  /// Does what is due; what it has found.
  List<Step> run(long now) {
    return now >= dueNanos() ? follower.search() : List.of();
  }

  /// Notes how far it is behind.
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
