package dev.nsmon.format;

import dev.nsmon.namespace.Task;
import java.util.Optional;

/// Names of processes that are never used again, unlike pids.
final class ProcessNames {
  private ProcessNames() {}

  /// Boot, pid and start, as in `9c0f…-4711-61624`; empty where one of them is not known.
  static Optional<String> entity(Task task, String boot) {
    return boot.isEmpty() || task.info().startTicks() < 0
        ? Optional.empty()
        : Optional.of(boot + "-" + task.pid() + "-" + task.info().startTicks());
  }
}
