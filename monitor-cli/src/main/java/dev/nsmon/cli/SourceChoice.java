package dev.nsmon.cli;

import dev.nsmon.event.Source;
import dev.nsmon.monitor.Feed;
import dev.nsmon.namespace.HostClock;
import dev.nsmon.netlink.ProcConnector;
import dev.nsmon.perf.PerfSource;
import dev.nsmon.push.Inodes;
import java.util.List;

/// The values of `--source`: how changes are detected.
enum SourceChoice {
  /// The first source that the kernel permits: perf, else the proc connector, else polling. Perf
  /// reports all that the proc connector reports, at a lower cost, so they are not combined.
  AUTO("auto"),
  PERF("perf"),
  PROC_CONNECTOR("proc-connector"),
  POLL("poll");

  private final String text;

  SourceChoice(String text) {
    this.text = text;
  }

  /// The push sources to try, the best first; empty to poll.
  ///
  /// @param initial inodes of the host's initial namespaces
  /// @param everything whether to report processes in initial namespaces too
  /// @param clock the clock of the kernel's timestamps
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

  /// The value on the command line.
  @Override
  public String toString() {
    return text;
  }
}
