package dev.nsmon.event;

import dev.nsmon.container.Container;
import dev.nsmon.namespace.Namespace;
import dev.nsmon.namespace.NamespaceSet;
import dev.nsmon.namespace.NamespaceType;
import dev.nsmon.namespace.Task;
import java.util.Optional;

/// A container, whether a runtime has created it or a pid or user namespace alone makes it one.
///
/// @param id the container's id, or the key of the pid or user namespace that identifies it
/// @param pid key of its pid namespace; empty if that is the host's or unknown
/// @param cgroup the control group of the process from which it was learned
record Home(String id, String pid, String cgroup) {

  /// The container of this process; empty if none is known.
  static Optional<Home> of(Task task) {
    String cgroup = task.info().cgroup();
    String container = Container.ofCgroup(cgroup).id();
    String pid = below(task.namespaces(), NamespaceType.PID);
    String id = container.isEmpty() ? pid : container;
    id = id.isEmpty() ? below(task.namespaces(), NamespaceType.USER) : id;
    return id.isEmpty() ? Optional.empty() : Optional.of(new Home(id, pid, cgroup));
  }

  /// True if a runtime gave the id; the id of others is a key, which has a colon.
  boolean isNamed() {
    return id.indexOf(':') < 0;
  }

  /// True if a member of this namespace is by that alone in a container.
  static boolean isWall(Namespace namespace) {
    return !namespace.initial()
        && (namespace.type() == NamespaceType.PID || namespace.type() == NamespaceType.USER);
  }

  /// The member of the set of this type; empty if unknown.
  static Optional<Namespace> place(NamespaceSet set, NamespaceType type) {
    int link = type.ordinal();
    return set.knows(link) ? Optional.of(set.get(link)) : Optional.empty();
  }

  private static String below(NamespaceSet set, NamespaceType type) {
    return place(set, type).filter(one -> !one.initial()).map(Namespace::key).orElse("");
  }
}
