package dev.nsmon.procfs;

import dev.nsmon.namespace.NamespaceLink;
import dev.nsmon.namespace.NamespaceSet;
import dev.nsmon.namespace.NamespaceType;
import dev.nsmon.proc.NamespaceLinks;
import dev.nsmon.procfs.Known.Place;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/// Where tasks are: each combination of namespaces that any is in, once.
final class Places {
  private final NamespaceTable table;
  private final Discovery discovery;
  private final Map<NamespaceSet, Place> all = new HashMap<>();

  /// The last one asked for, and in which look: most processes are where their neighbour is.
  private Place recent;

  private int recentLook;

  Places(NamespaceTable table, Discovery discovery) {
    this.table = table;
    this.discovery = discovery;
  }

  Collection<Place> all() {
    return all.values();
  }

  /// The initial namespaces, as far as they have been seen.
  Place initial() {
    Known[] known = new Known[NamespaceLink.COUNT];
    for (int link = 0; link < NamespaceLink.COUNT; link++) {
      NamespaceType type = NamespaceLink.at(link).type();
      known[link] = table.known(type, table.initialInodes().of(type));
    }
    return intern(known);
  }

  /// The one place that has these.
  Place intern(Known[] known) {
    Place place = new Place(known);
    return all.computeIfAbsent(place.set, _ -> place);
  }

  /// The place of a task with these inodes behind its links.
  ///
  /// @param exact whether to ask each namespace for its identity although an inode of that number
  ///   is known, because that one may be gone
  Place find(long[] inodes, int taskDirectory, NamespaceLinks links, boolean exact) {
    boolean near = recent != null && recentLook == table.look();
    if (!exact && near && recent.isAt(inodes) && !recent.hasGone()) {
      return recent;
    }
    Known[] known = new Known[NamespaceLink.COUNT];
    for (int link = 0; link < NamespaceLink.COUNT; link++) {
      if (inodes[link] <= 0) {
        continue;
      }
      NamespaceType type = NamespaceLink.at(link).type();
      Known old = table.known(type, inodes[link]);
      known[link] =
          old != null && (!exact || old.namespace.initial())
              ? old
              : discovery.discover(type, inodes[link], taskDirectory, links.path(link));
    }
    recent = intern(known);
    recentLook = table.look();
    return recent;
  }

  /// Forgets the namespaces that have ended and were told, and the places that have them.
  void forgetEnded() {
    if (table.forgetEnded()) {
      all.values().removeIf(Place::hasGone);
    }
  }
}
