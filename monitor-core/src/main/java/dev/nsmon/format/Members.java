package dev.nsmon.format;

import dev.nsmon.namespace.Namespace;
import dev.nsmon.namespace.NamespaceLink;
import dev.nsmon.namespace.NamespaceType;
import dev.nsmon.namespace.Snapshot;
import dev.nsmon.namespace.Task;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Computes the processes in each namespace of a snapshot. A zombie counts only in its pid and user
/// namespaces, the only ones that it still has.
public final class Members {
  private static final Set<NamespaceType> OF_ZOMBIES =
      Set.of(NamespaceType.PID, NamespaceType.USER);

  private Members() {}

  /// True if a task counts as a process of its namespace of this type. Threads do not.
  public static boolean counts(Task task, NamespaceType type) {
    return task.tid() == 0 && (task.state() != Task.State.ZOMBIE || OF_ZOMBIES.contains(type));
  }

  /// The processes in each namespace, by key, in order of pid.
  public static Map<String, List<Task>> of(Snapshot snapshot) {
    Map<String, List<Task>> members = new HashMap<>();
    for (Task task : snapshot.tasks()) {
      for (int link = 0; link < NamespaceLink.MEMBERSHIPS; link++) {
        if (task.namespaces().knows(link) && counts(task, NamespaceLink.at(link).type())) {
          Namespace namespace = task.namespaces().get(link);
          members.computeIfAbsent(namespace.key(), _ -> new ArrayList<>()).add(task);
        }
      }
    }
    return Collections.unmodifiableMap(members);
  }
}
