package dev.nsmon.cli;

import dev.nsmon.namespace.LookReport;
import dev.nsmon.namespace.Snapshot;

/// Says what a look could not see.
final class SeenFrom {
  private SeenFrom() {}

  /// One line on stderr, if anything was kept from this user.
  static void warn(Snapshot snapshot) {
    LookReport report = snapshot.report();
    boolean hidden = snapshot.tasks().isEmpty() || snapshot.tasks().getFirst().pid() != 1;
    if (hidden) {
      Words.say("/proc does not list all processes here; 'nsmon doctor' says why");
    } else if (report.denied() > 0) {
      Words.say(
          report.denied()
              + " of "
              + report.processes()
              + " processes can't be read, so where they are is unknown; 'nsmon doctor' says why");
    }
  }
}
