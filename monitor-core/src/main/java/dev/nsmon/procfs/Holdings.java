package dev.nsmon.procfs;

import dev.nsmon.namespace.Holder;
import dev.nsmon.procfs.Slot.Held;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What one process, or the mounts of one mount namespace, hold, each once and of each namespace no
/// more than some: a user may hold one by 100,000 mounts, and nobody needs them all.
final class Holdings {
  /// So many holders of a namespace in one place are named.
  static final int MOST = 100;

  private final Set<Held> held = new LinkedHashSet<>();
  private final Map<Known, Integer> counts = new HashMap<>();

  /// @param known null for a namespace that is unknown, which is not noted
  void add(Known known, Holder holder) {
    if (known != null
        && counts.getOrDefault(known, 0) < MOST
        && held.add(new Held(known, holder))) {
      counts.merge(known, 1, Integer::sum);
    }
  }

  List<Held> list() {
    return List.copyOf(held);
  }
}
