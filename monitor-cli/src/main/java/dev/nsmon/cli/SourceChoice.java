package dev.nsmon.cli;

import dev.nsmon.event.Source;
import dev.nsmon.monitor.Feed;
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
  List<Feed> feeds(Inodes initial, boolean everything) {
    return switch (this) {
      case AUTO -> List.of(perf(initial, everything), connector(initial));
      case PERF -> List.of(perf(initial, everything));
      case PROC_CONNECTOR -> List.of(connector(initial));
      case POLL -> List.of();
    };
  }

  private static Feed perf(Inodes initial, boolean everything) {
    return new Feed(Source.PERF, new PerfSource(initial, everything));
  }

  private static Feed connector(Inodes initial) {
    return new Feed(Source.PROC_CONNECTOR, new ProcConnector(initial));
  }

  /// As it stands on the command line.
  @Override
  public String toString() {
    return text;
  }
}
