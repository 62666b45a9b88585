package dev.nsmon.event;

import dev.nsmon.namespace.Namespace;
import dev.nsmon.namespace.NamespaceLink;
import dev.nsmon.namespace.Snapshot;
import dev.nsmon.namespace.Task;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What two looks differ in, found the plain way: every task of the one against every task of the
/// other, without order, sharing or short cuts.
final class DiffOracle {
  private final boolean includeInitial;

  DiffOracle(boolean includeInitial) {
    this.includeInitial = includeInitial;
  }

  /// In words as [Told] has them, sorted.
  List<String> told(Snapshot a, Snapshot b) {
    List<String> told = new ArrayList<>();
    for (Namespace one : b.namespaces()) {
      if (!a.namespaces().contains(one)) {
        told.add("created " + one.key() + (one.initial() ? "" : firstMember(one, b)));
      }
    }
    for (Namespace one : a.namespaces()) {
      if (!b.namespaces().contains(one)) {
        told.add("destroyed " + one.key() + firstMember(one, a));
      }
    }
    for (Task before : a.tasks()) {
      String was = worthTelling(before);
      if (!was.isEmpty() && b.tasks().stream().noneMatch(before::sameTask)) {
        told.add("left " + Told.who(before) + was);
      }
    }
    for (Task after : b.tasks()) {
      told.addAll(joined(after, a, b));
    }
    Collections.sort(told);
    return told;
  }

  private List<String> joined(Task after, Snapshot a, Snapshot b) {
    Map<Integer, Namespace> from =
        a.tasks().stream()
            .filter(after::sameTask)
            .findFirst()
            .map(DiffOracle::places)
            .orElseGet(() -> after.tid() == 0 ? Map.of() : origin(after, a, b));
    StringBuilder all = new StringBuilder();
    boolean news = false;
    Map<Integer, Namespace> now = places(after);
    for (int type = 0; type < NamespaceLink.MEMBERSHIPS; type++) {
      if (now.containsKey(type)) {
        String key = now.get(type).key();
        boolean tells = includeInitial || !now.get(type).initial();
        String before = from.containsKey(type) ? from.get(type).key() : "";
        if (!before.isEmpty() && !before.equals(key)) {
          all.append(' ').append(key).append('<').append(before);
          news = true;
        } else if (tells) {
          all.append(' ').append(key);
          news |= before.isEmpty();
        }
      }
    }
    return news ? List.of("joined " + Told.who(after) + all) : List.of();
  }

  /// Where a thread comes from that has no row yet: from where its process was, or is if that is
  /// not known; from nowhere if it has stayed there while the process went.
  private static Map<Integer, Namespace> origin(Task thread, Snapshot a, Snapshot b) {
    Optional<Task> now = leader(thread, b);
    Map<Integer, Namespace> was =
        leader(thread, a)
            .filter(before -> now.isPresent() && before.sameTask(now.get()))
            .map(DiffOracle::places)
            .orElse(Map.of());
    Map<Integer, Namespace> from =
        was.isEmpty() ? now.map(DiffOracle::places).orElse(Map.of()) : was;
    return from.equals(places(thread)) ? Map.of() : from;
  }

  private static Optional<Task> leader(Task thread, Snapshot in) {
    return in.tasks().stream()
        .filter(task -> task.pid() == thread.pid() && task.tid() == 0)
        .findFirst();
  }

  private String worthTelling(Task task) {
    StringBuilder all = new StringBuilder();
    places(task).values().stream()
        .filter(one -> includeInitial || !one.initial())
        .forEach(one -> all.append(' ').append(one.key()));
    return all.toString();
  }

  private static Map<Integer, Namespace> places(Task task) {
    Map<Integer, Namespace> places = new HashMap<>();
    for (int link = 0; link < NamespaceLink.MEMBERSHIPS; link++) {
      if (task.namespaces().knows(link)) {
        places.put(link, task.namespaces().get(link));
      }
    }
    return places;
  }

  private static String firstMember(Namespace of, Snapshot in) {
    return in.tasks().stream()
        .filter(task -> of.equals(places(task).get(of.type().ordinal())))
        .findFirst()
        .map(task -> " by " + Told.who(task))
        .orElse("");
  }
}
