package dev.nsmon.event;

import dev.nsmon.namespace.Namespace;
import dev.nsmon.namespace.NamespaceType;
import dev.nsmon.namespace.Task;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Whose each namespace is: of the container whose process was the first to live in it. One of the
/// host's namespaces is nobody's. As long as there are namespaces it has entries, no longer.
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

  /// A process lives there that has not come from elsewhere. What a runtime has named counts more
  /// than what is only walled off: runtimes make the namespaces first and the control group after.
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

  /// Whether one container was made within the other.
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
