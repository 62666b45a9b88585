package dev.nsmon.cli;

import dev.nsmon.namespace.LookReport;
import dev.nsmon.namespace.NamespaceLink;
import dev.nsmon.namespace.Snapshot;

/// Warns about processes that a scan could not see.
final class SeenFrom {
  private SeenFrom() {}

  private static boolean isInChildPidNamespace(Snapshot snapshot) {
    int pid = NamespaceLink.PID.ordinal();
    long self = ProcessHandle.current().pid();
    return snapshot.tasks().stream()
        .filter(task -> task.pid() == self && task.namespaces().knows(pid))
        .anyMatch(task -> !task.namespaces().get(pid).initial());
  }

  /// Prints one line on stderr if processes are hidden from this user or can't be read.
  static void warn(Snapshot snapshot) {
    LookReport report = snapshot.report();
    boolean hidden = snapshot.tasks().isEmpty() || snapshot.tasks().getFirst().pid() != 1;
    if (isInChildPidNamespace(snapshot)) {
      Words.say("this is a child pid namespace: what is outside it is invisible");
    } else if (hidden) {
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
