package dev.nsmon.procfs;

import dev.nsmon.namespace.NamespaceType;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// The namespaces of a [ModelHost]. Inodes come from one pool for all types, the lowest free one
/// first, so that each is used again at once.
final class ModelNamespaces {

  /// One namespace; number 0 is that of all initial ones.
  static final class Ns {
    final NamespaceType type;
    final int number;
    private final int generation;
    private final Ns parent;
    private final Ns owner;

    private Ns(NamespaceType type, int number, int generation, Ns parent, Ns owner) {
      this.type = type;
      this.number = number;
      this.generation = generation;
      this.parent = parent;
      this.owner = owner;
    }

    /// As [Records] has it.
    String key() {
      return number == 0 ? type + ":init" : type + ":" + number + "." + generation;
    }

    /// Whether it is the other, or a descendant of it.
    boolean isBelow(Ns top) {
      return this == top || (parent != null && parent.isBelow(top));
    }
  }

  private final Map<NamespaceType, Ns> initial = new HashMap<>();

  /// How often each inode was handed out.
  private final Map<Integer, Integer> generations = new HashMap<>();

  /// By inode, the last namespace that had it.
  private final TreeMap<Integer, Ns> holders = new TreeMap<>();

  ModelNamespaces() {
    for (NamespaceType type : NamespaceType.values()) {
      initial.put(type, new Ns(type, 0, 0, null, null));
    }
  }

  Map<NamespaceType, Ns> initial() {
    return new HashMap<>(initial);
  }

  /// Makes one for a process that is, or is about to be, in `places`, while others live.
  Ns make(NamespaceType type, Map<NamespaceType, Ns> places, Set<Ns> live, ModelStory story) {
    Set<Integer> taken = new TreeSet<>();
    live.forEach(ns -> taken.add(ns.number));
    places.values().forEach(ns -> taken.add(ns.number));
    int number = 1;
    while (taken.contains(number)) {
      number++;
    }
    Ns parent = type.hasParent() ? places.get(type) : null;
    int generation = generations.merge(number, 1, Integer::sum);
    Ns ns = new Ns(type, number, generation, parent, places.get(NamespaceType.USER));
    story.made(ns, holders.put(number, ns));
    return ns;
  }

  /// What one of these is in, and what that needs: parents and owners.
  static Set<Ns> live(Collection<Map<NamespaceType, Ns>> processes) {
    Set<Ns> live = Collections.newSetFromMap(new IdentityHashMap<>());
    processes.forEach(places -> places.values().forEach(ns -> keep(ns, live)));
    return live;
  }

  private static void keep(Ns ns, Set<Ns> live) {
    if (ns != null && live.add(ns)) {
      keep(ns.parent, live);
      keep(ns.owner, live);
    }
  }

  /// Keys of the last namespace that has had each inode, whether it lives or not.
  Set<String> lastOfEachInode() {
    Set<String> keys = new TreeSet<>();
    holders.values().forEach(ns -> keys.add(ns.key()));
    return keys;
  }
}
