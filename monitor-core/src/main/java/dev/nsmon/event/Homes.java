package dev.nsmon.event;

import dev.nsmon.namespace.Namespace;
import dev.nsmon.namespace.NamespaceType;
import dev.nsmon.namespace.Task;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Maps each namespace to the container that it belongs to: that of the first process that lived in
/// it. Initial namespaces belong to none. An entry is removed with its namespace.
final class Homes {
  private final Map<String, Home> homes = new HashMap<>();

  /// The parent of each pid namespace, by key.
  private final Map<String, String> parents = new HashMap<>();

  void created(Namespace namespace) {
    if (namespace.type() == NamespaceType.PID && !namespace.parent().isEmpty()) {
      parents.put(namespace.key(), namespace.parent());
    }
  }

  void destroyed(Namespace namespace) {
    homes.remove(namespace.key());
    parents.remove(namespace.key());
  }

  /// Records that a process lives in a namespace which it has not joined from elsewhere. A
  /// container named by a runtime replaces one that a namespace alone identifies, because runtimes
  /// create namespaces before the control group.
  void inhabited(Namespace namespace, Task by) {
    Home known = namespace.initial() ? null : homes.get(namespace.key());
    if (!namespace.initial() && (known == null || !known.isNamed())) {
      Home.of(by)
          .filter(home -> known == null || home.isNamed())
          .ifPresent(home -> homes.put(namespace.key(), home));
    }
  }

  Optional<Home> of(Namespace namespace) {
    return Optional.ofNullable(homes.get(namespace.key()));
  }

  /// True if the inner container's pid namespace is a descendant of the outer one's.
  boolean isWithin(Home inner, Home outer) {
    if (outer.pid().isEmpty()) {
      return false;
    }
    String pid = parents.get(inner.pid());
    while (pid != null && !pid.equals(outer.pid())) {
      pid = parents.get(pid);
    }
    return pid != null;
  }
}
