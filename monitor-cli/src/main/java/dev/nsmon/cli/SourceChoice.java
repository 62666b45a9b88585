package dev.nsmon.cli;

import dev.nsmon.event.Source;
import dev.nsmon.monitor.Feed;
import dev.nsmon.namespace.HostClock;
import dev.nsmon.netlink.ProcConnector;
import dev.nsmon.perf.PerfSource;
import dev.nsmon.push.Inodes;
import java.util.List;

/// Who tells that something has changed, as `--source` names it.
enum SourceChoice {
  /// The best that the kernel grants. Perf records see all that the proc connector sees, and cost
  /// the host less: where they can be had, the connector would add nothing.
  AUTO("auto"),
  PERF("perf"),
  PROC_CONNECTOR("proc-connector"),
  POLL("poll");

  private final String text;

  SourceChoice(String text) {
    this.text = text;
  }

  /// The sources to try, the best first.
  ///
  /// @param initial the inodes of the host's own namespaces
  /// @param everything whether what happens in those is wanted too
  /// @param clock the one that the kernel stamps its records by
  List<Feed> feeds(Inodes initial, boolean everything, HostClock clock) {
    return switch (this) {
      case AUTO -> List.of(perf(initial, everything, clock), connector(initial, clock));
      case PERF -> List.of(perf(initial, everything, clock));
      case PROC_CONNECTOR -> List.of(connector(initial, clock));
      case POLL -> List.of();
    };
  }

  private static Feed perf(Inodes initial, boolean everything, HostClock clock) {
    return new Feed(Source.PERF, new PerfSource(initial, everything, clock));
  }

  private static Feed connector(Inodes initial, HostClock clock) {
    return new Feed(Source.PROC_CONNECTOR, new ProcConnector(initial, clock));
  }

  /// As it stands on the command line.
  @Override
  public String toString() {
    return text;
  }
}
