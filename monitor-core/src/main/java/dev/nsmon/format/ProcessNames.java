package dev.nsmon.format;

import dev.nsmon.namespace.Task;
import java.util.Optional;

/// Unique names of processes, which are never reused, unlike pids.
final class ProcessNames {
  private ProcessNames() {}

  /// Boot id, pid and start time, as in `9c0f…-4711-61624`; empty if one of them is unknown.
  static Optional<String> entity(Task task, String boot) {
    return boot.isEmpty() || task.info().startTicks() < 0
        ? Optional.empty()
        : Optional.of(boot + "-" + task.pid() + "-" + task.info().startTicks());
  }
}
