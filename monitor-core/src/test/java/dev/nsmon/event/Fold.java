package dev.nsmon.event;

import dev.nsmon.event.NamespaceEvent.Created;
import dev.nsmon.event.NamespaceEvent.Destroyed;
import dev.nsmon.event.NamespaceEvent.EventsLost;
import dev.nsmon.event.NamespaceEvent.Joined;
import dev.nsmon.event.NamespaceEvent.Left;
import dev.nsmon.event.NamespaceEvent.Place;
import dev.nsmon.event.NamespaceEvent.Synced;
import dev.nsmon.namespace.Namespace;
import dev.nsmon.namespace.NamespaceLink;
import dev.nsmon.namespace.Snapshot;
import dev.nsmon.namespace.Task;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// What a reader of the stream believes to exist: the events, added up. An event that contradicts
/// those before it is an [AssertionError].
public final class Fold {
  private static final Comparator<Row> BY_PID =
      Comparator.comparingInt(Row::pid).thenComparingInt(Row::tid);

  /// A process, or with a `tid` other than 0 a thread.
  public record Row(int pid, int tid) {
    static Row of(Task task) {
      return new Row(task.pid(), task.tid());
    }
  }

  /// Keys of all namespaces, and for every task that is in one worth telling, the keys of those.
  public record State(Set<String> namespaces, Map<Row, Set<String>> members) {}

  private final boolean includeInitial;
  private final Set<String> namespaces = new TreeSet<>();
  private final Map<Row, Set<String>> members = new TreeMap<>(BY_PID);

  /// Before the first event.
  public Fold(boolean includeInitial) {
    this.includeInitial = includeInitial;
  }

  /// What a reader who was told everything believes at this look.
  public static Fold of(Snapshot snapshot, boolean includeInitial) {
    Fold fold = new Fold(includeInitial);
    snapshot.namespaces().forEach(namespace -> fold.namespaces.add(namespace.key()));
    for (Task task : snapshot.tasks()) {
      List<Namespace> in = new ArrayList<>();
      for (int link = 0; link < NamespaceLink.MEMBERSHIPS; link++) {
        if (task.namespaces().knows(link)) {
          in.add(task.namespaces().get(link));
        }
      }
      fold.put(Row.of(task), in);
    }
    return fold;
  }

  /// Adds one event.
  public void apply(NamespaceEvent event) {
    switch (event) {
      case Created created ->
          demand(namespaces.add(created.namespace().key()), "created twice", event);
      case Joined joined -> {
        List<Namespace> in = joined.namespaces().stream().map(Place::namespace).toList();
        in.forEach(one -> demand(namespaces.contains(one.key()), "joined what is not", event));
        put(Row.of(joined.process()), in);
      }
      case Left left -> {
        Set<String> was = members.remove(Row.of(left.process()));
        demand(keys(left.namespaces()).equals(was), "left what it was not in: " + was, event);
      }
      case Destroyed destroyed ->
          demand(namespaces.remove(destroyed.namespace().key()), "destroyed what is not", event);
      case Synced _, EventsLost _, NamespaceEvent.Other _ -> {}
    }
  }

  /// Adds all of them in order.
  public void apply(List<NamespaceEvent> events) {
    events.forEach(this::apply);
  }

  /// What is believed now; a copy.
  public State state() {
    Map<Row, Set<String>> copy = new TreeMap<>(BY_PID);
    copy.putAll(members);
    return new State(new TreeSet<>(namespaces), copy);
  }

  /// Who is believed to be in the namespace.
  public Set<Row> membersOf(String key) {
    Set<Row> in = new TreeSet<>(BY_PID);
    members.forEach(
        (row, keys) -> {
          if (keys.contains(key)) {
            in.add(row);
          }
        });
    return in;
  }

  private void put(Row row, List<Namespace> in) {
    Set<String> keys = keys(in);
    if (keys.isEmpty()) {
      members.remove(row);
    } else {
      members.put(row, keys);
    }
  }

  private Set<String> keys(List<Namespace> of) {
    Set<String> keys = new TreeSet<>();
    for (Namespace namespace : of) {
      if (includeInitial || !namespace.initial()) {
        keys.add(namespace.key());
      }
    }
    return keys;
  }

  private static void demand(boolean holds, String otherwise, NamespaceEvent event) {
    if (!holds) {
      throw new AssertionError(otherwise + ": " + Told.of(event));
    }
  }
}
