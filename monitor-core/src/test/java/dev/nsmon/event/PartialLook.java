package dev.nsmon.event;

import dev.nsmon.namespace.Ended;
import dev.nsmon.namespace.Evidence;
import dev.nsmon.namespace.Namespace;
import dev.nsmon.namespace.NamespaceLink;
import dev.nsmon.namespace.Snapshot;
import dev.nsmon.namespace.Task;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/// Looks between two looks, at nothing or at some processes only.
final class PartialLook {
  private PartialLook() {}

  /// The next look when nothing has happened: other lists, the same rows.
  static Snapshot sameAgain(Snapshot a) {
    return new Snapshot(
        a.time().plusMillis(1),
        new ArrayList<>(a.tasks()),
        new ArrayList<>(a.namespaces()),
        a.holders(),
        List.of(),
        a.report());
  }

  /// Rows of some processes as in b, of all others as in a. Of the namespaces, those of a, those
  /// that the rows name and what these belong to; ended is only what has lost its inode, and what
  /// belonged to it.
  static Snapshot between(Snapshot a, Snapshot b, Random random) {
    Set<Integer> looked = new HashSet<>();
    List<Task> rows = new ArrayList<>();
    Set<Namespace> named = new HashSet<>(a.namespaces());
    for (int pid = 0; pid < 100; pid++) {
      if (random.nextBoolean()) {
        looked.add(pid);
      }
    }
    a.tasks().stream().filter(row -> !looked.contains(row.pid())).forEach(rows::add);
    b.tasks().stream().filter(row -> looked.contains(row.pid())).forEach(rows::add);
    rows.sort(Task::compareRow);
    for (Task row : rows) {
      for (int link = 0; link < NamespaceLink.MEMBERSHIPS; link++) {
        if (row.namespaces().knows(link)) {
          named.add(row.namespaces().get(link));
        }
      }
    }
    List<Namespace> found = new ArrayList<>();
    Set<String> needed = new HashSet<>();
    for (Namespace namespace : b.namespaces().reversed()) {
      if (named.contains(namespace) || needed.contains(namespace.key())) {
        found.addFirst(namespace);
        needed.add(namespace.parent());
        needed.add(namespace.owner());
      }
    }
    Map<Long, Namespace> byInode = new HashMap<>();
    found.forEach(namespace -> byInode.put(namespace.inode(), namespace));
    Set<String> gone = new HashSet<>();
    List<Ended> ended = new ArrayList<>();
    List<Namespace> all = new ArrayList<>();
    for (Namespace old : a.namespaces()) {
      boolean lost = !old.equals(byInode.getOrDefault(old.inode(), old));
      if (lost || gone.contains(old.parent()) || gone.contains(old.owner())) {
        gone.add(old.key());
        ended.addFirst(new Ended(old, Evidence.KERNEL_ID_GONE, Optional.empty()));
      } else if (!found.contains(old)) {
        all.add(old);
      }
    }
    all.addAll(found);
    return new Snapshot(b.time(), rows, all, Map.of(), ended, b.report());
  }

  /// The look at everything that comes after the one at some: what has ended since then.
  static Snapshot full(Snapshot some, Snapshot b) {
    List<Ended> since =
        b.ended().stream().filter(end -> some.namespaces().contains(end.namespace())).toList();
    return new Snapshot(b.time(), b.tasks(), b.namespaces(), b.holders(), since, b.report());
  }
}
