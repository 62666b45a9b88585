package dev.nsmon.event;

import dev.nsmon.container.Container;
import dev.nsmon.namespace.Namespace;
import dev.nsmon.namespace.NamespaceSet;
import dev.nsmon.namespace.NamespaceType;
import dev.nsmon.namespace.Task;
import java.util.Optional;

/// The container that a process is in, whether or not a runtime has made it.
///
/// @param id the container's, or the key of the pid or user namespace that makes it one
/// @param pid key of its pid namespace; empty if that is the host's or unknown
/// @param cgroup the control group of the process that tells of it
record Home(String id, String pid, String cgroup) {

  /// Of this process; empty if it is in no container as far as is known.
  static Optional<Home> of(Task task) {
    String cgroup = task.info().cgroup();
    String container = Container.ofCgroup(cgroup).id();
    String pid = below(task.namespaces(), NamespaceType.PID);
    String id = container.isEmpty() ? pid : container;
    id = id.isEmpty() ? below(task.namespaces(), NamespaceType.USER) : id;
    return id.isEmpty() ? Optional.empty() : Optional.of(new Home(id, pid, cgroup));
  }

  /// Whether a runtime named it.
  boolean isNamed() {
    return id.indexOf(':') < 0;
  }

  /// Whether being in this namespace is being in a container.
  static boolean isWall(Namespace namespace) {
    return !namespace.initial()
        && (namespace.type() == NamespaceType.PID || namespace.type() == NamespaceType.USER);
  }

  /// Which one of a type, if that is known.
  static Optional<Namespace> place(NamespaceSet set, NamespaceType type) {
    int link = type.ordinal();
    return set.knows(link) ? Optional.of(set.get(link)) : Optional.empty();
  }

  private static String below(NamespaceSet set, NamespaceType type) {
    return place(set, type).filter(one -> !one.initial()).map(Namespace::key).orElse("");
  }
}
