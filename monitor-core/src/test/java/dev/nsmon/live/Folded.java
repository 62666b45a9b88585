package dev.nsmon.live;

import dev.nsmon.event.NamespaceEvent;
import dev.nsmon.event.NamespaceEvent.Created;
import dev.nsmon.event.NamespaceEvent.Destroyed;
import dev.nsmon.event.NamespaceEvent.Joined;
import dev.nsmon.event.NamespaceEvent.Left;
import dev.nsmon.event.NamespaceEvent.Place;
import dev.nsmon.namespace.Namespace;
import dev.nsmon.namespace.NamespaceLink;
import dev.nsmon.namespace.NamespaceType;
import dev.nsmon.namespace.Snapshot;
import dev.nsmon.namespace.Task;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/// What the events say is the state of the host. It fails on an event that can't be true after
/// those before it.
final class Folded {
  private final Map<String, Namespace> namespaces = new HashMap<>();
  private final Keys ended = new Keys();
  private final Map<String, Map<NamespaceType, Namespace>> tasks = new TreeMap<>();
  private final Map<String, Long> instances = new HashMap<>();

  void apply(NamespaceEvent event) {
    switch (event) {
      case Created created -> create(created.namespace());
      case Joined joined -> join(joined);
      case Left left -> leave(left);
      case Destroyed destroyed -> {
        String key = destroyed.namespace().key();
        require(namespaces.remove(key) != null, "ended and was not there: " + key);
        ended.add(key);
      }
      default -> {}
    }
  }

  private void create(Namespace namespace) {
    String key = namespace.key();
    require(!ended.contains(key), "began again: " + key);
    require(namespaces.put(key, namespace) == null, "began twice: " + key);
    for (String above : List.of(namespace.owner(), namespace.parent())) {
      require(above.isEmpty() || namespaces.containsKey(above), key + " began before " + above);
    }
  }

  private void join(Joined joined) {
    String name = name(joined.process());
    long instance = joined.process().instance();
    require(instances.getOrDefault(name, instance) == instance, "was another process: " + name);
    Map<NamespaceType, Namespace> in = tasks.computeIfAbsent(name, _ -> new TreeMap<>());
    for (Place place : joined.namespaces()) {
      Namespace now = place.namespace();
      require(namespaces.containsKey(now.key()), name + " joined what is not there: " + now.key());
      Namespace before = in.get(now.type());
      if (place.from().isEmpty()) {
        require(before == null || before.equals(now), name + " was in " + before);
      } else {
        Namespace from = place.from().get();
        boolean true_ =
            before == null ? from.initial() || joined.process().tid() != 0 : before.equals(from);
        require(true_, name + " was in " + before + " and not in " + from);
      }
      if (now.initial()) {
        in.remove(now.type());
      } else {
        in.put(now.type(), now);
      }
    }
    instances.put(name, instance);
    forgetIfAtHome(name);
  }

  private void leave(Left left) {
    String name = name(left.process());
    Map<NamespaceType, Namespace> in = tasks.remove(name);
    require(in != null, "left and was nowhere: " + name);
    require(instances.remove(name) == left.process().instance(), "another process left: " + name);
    require(
        keys(in).equals(left.namespaces().stream().map(Namespace::key).collect(Collectors.toSet())),
        name + " left " + left.namespaces() + " and was in " + in);
  }

  private void forgetIfAtHome(String name) {
    if (tasks.get(name).isEmpty()) {
      tasks.remove(name);
      instances.remove(name);
    }
  }

  /// Where every process is that is not at home in the initial namespaces.
  private static Map<String, Set<String>> processesOf(Snapshot snapshot) {
    Map<String, Set<String>> where = new TreeMap<>();
    for (Task task : snapshot.tasks()) {
      if (task.state() == Task.State.LIVE && task.tid() == 0 && !task.namespaces().isInitial()) {
        Set<String> in = new TreeSet<>();
        for (int link = 0; link < NamespaceLink.MEMBERSHIPS; link++) {
          if (task.namespaces().knows(link) && !task.namespaces().get(link).initial()) {
            in.add(task.namespaces().get(link).key());
          }
        }
        if (!in.isEmpty()) {
          where.put(name(task), in);
        }
      }
    }
    return where;
  }

  /// What there is, each fact by itself.
  ///
  /// @param naming what a namespace is called: the key of one whose id was learned late is not the
  ///   one that a fresh look gives it, the kernel's name is
  Set<String> facts(Function<Namespace, String> naming) {
    Set<String> facts = new TreeSet<>();
    namespaces.values().forEach(namespace -> facts.add(naming.apply(namespace)));
    tasks.forEach(
        (name, in) -> {
          if (!name.contains("/")) {
            in.values().forEach(namespace -> facts.add(name + " in " + naming.apply(namespace)));
          }
        });
    return facts;
  }

  private static Set<String> factsOf(Snapshot snapshot, Function<Namespace, String> naming) {
    Set<String> facts = new TreeSet<>();
    Map<String, String> names = new HashMap<>();
    for (Namespace namespace : snapshot.namespaces()) {
      facts.add(naming.apply(namespace));
      names.put(namespace.key(), naming.apply(namespace));
    }
    processesOf(snapshot)
        .forEach((name, in) -> in.forEach(key -> facts.add(name + " in " + names.get(key))));
    return facts;
  }

  /// In what the facts of a fold differ both from a fresh look before it and from one after it.
  /// What others on the host make and leave meanwhile differs from one of the two only.
  static Set<String> differences(
      Snapshot before, Set<String> told, Snapshot after, Function<Namespace, String> naming) {
    Set<String> always = factsOf(before, naming);
    Set<String> ever = new HashSet<>(always);
    always.retainAll(factsOf(after, naming));
    ever.addAll(factsOf(after, naming));
    ever.addAll(unknownOf(before, told));
    ever.addAll(unknownOf(after, told));
    Set<String> differences = new TreeSet<>();
    always.stream().filter(fact -> !told.contains(fact)).forEach(f -> differences.add("no " + f));
    told.stream().filter(fact -> !ever.contains(fact)).forEach(f -> differences.add("yet " + f));
    return differences;
  }

  /// Those of the facts that are about processes of which the snapshot could not tell.
  private static Set<String> unknownOf(Snapshot snapshot, Set<String> facts) {
    Set<String> unknown = new HashSet<>();
    for (Task task : snapshot.tasks()) {
      if (task.state() != Task.State.LIVE) {
        unknown.add(name(task));
      }
    }
    return facts.stream()
        .filter(fact -> unknown.contains(fact.split(" ", 2)[0]))
        .collect(Collectors.toSet());
  }

  private static Set<String> keys(Map<NamespaceType, Namespace> in) {
    return in.values().stream().map(Namespace::key).collect(Collectors.toCollection(TreeSet::new));
  }

  private static String name(Task task) {
    return task.tid() == 0 ? "" + task.pid() : task.pid() + "/" + task.tid();
  }

  private static void require(boolean condition, String complaint) {
    if (!condition) {
      throw new AssertionError(complaint);
    }
  }
}
