package dev.nsmon.event;

import dev.nsmon.event.NamespaceEvent.Created;
import dev.nsmon.event.NamespaceEvent.Destroyed;
import dev.nsmon.event.NamespaceEvent.Joined;
import dev.nsmon.event.NamespaceEvent.Left;
import dev.nsmon.event.NamespaceEvent.Place;
import dev.nsmon.event.NamespaceEvent.Sighting;
import dev.nsmon.event.NamespaceEvent.Synced;
import dev.nsmon.namespace.Ended;
import dev.nsmon.namespace.Namespace;
import dev.nsmon.namespace.NamespaceLink;
import dev.nsmon.namespace.NamespaceSet;
import dev.nsmon.namespace.NamespaceType;
import dev.nsmon.namespace.ProcessInfo;
import dev.nsmon.namespace.Snapshot;
import dev.nsmon.namespace.Task;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/// What changed between two looks, as events. Pure: no clock, no I/O, no randomness, no state.
///
/// Its laws: `between(a, a)` is empty; folding `between(a, b)` over `a` gives `b`; what a look at
/// some processes has told, the full look after it does not tell again.
///
/// The order within one look is one that can have happened: who left, what was created (parents and
/// owners first), who joined, what was destroyed (children first). Only where a new namespace has
/// the inode of one that ended, the end of the old is told before the beginning of the new.
///
/// Rows are compared by reference first: a look hands on the rows that did not change, so this
/// costs one pointer comparison for each process at rest.
public final class SnapshotDiff {
  private final boolean includeInitial;

  /// @param includeInitial whether to tell of processes that merely live in the initial namespaces
  public SnapshotDiff(boolean includeInitial) {
    this.includeInitial = includeInitial;
  }

  /// What existed at the first look, as events with source `baseline`, and `synced`.
  public List<NamespaceEvent> baseline(Snapshot first) {
    Sighting sighting = new Sighting(first.time(), Optional.empty(), Source.BASELINE);
    List<NamespaceEvent> events = changes(Snapshot.EMPTY, first, sighting);
    Map<NamespaceType, Integer> counts = new EnumMap<>(NamespaceType.class);
    for (Namespace namespace : first.namespaces()) {
      counts.merge(namespace.type(), 1, Integer::sum);
    }
    events.add(
        new Synced(
            sighting,
            Collections.unmodifiableMap(counts),
            first.report().processes(),
            first.report().denied()));
    return events;
  }

  /// What changed from one look to the next.
  public List<NamespaceEvent> between(Snapshot prev, Snapshot next) {
    if (prev.tasks() == next.tasks() && prev.namespaces() == next.namespaces()) {
      return List.of();
    }
    return changes(prev, next, new Sighting(next.time(), Optional.of(prev.time()), Source.POLL));
  }

  private List<NamespaceEvent> changes(Snapshot prev, Snapshot next, Sighting sighting) {
    List<Left> left = new ArrayList<>();
    List<Joined> joined = new ArrayList<>();
    compareTasks(prev.tasks(), next.tasks(), sighting, left, joined);
    List<Namespace> created = created(prev, next);
    IdentityHashMap<Namespace, Task> firstMembers = firstMembers(created, next.tasks());

    Set<Long> endedInodes = new HashSet<>();
    for (Ended end : next.ended()) {
      endedInodes.add(end.namespace().inode());
    }
    List<NamespaceEvent> events = new ArrayList<>(left);
    List<NamespaceEvent> later = new ArrayList<>();
    Set<String> createdLater = new HashSet<>();
    for (Namespace namespace : created) {
      // What belongs to a namespace that is told later must be told later too.
      boolean late =
          endedInodes.contains(namespace.inode())
              || createdLater.contains(namespace.owner())
              || createdLater.contains(namespace.parent());
      if (late) {
        createdLater.add(namespace.key());
      }
      (late ? later : events)
          .add(
              new Created(
                  sighting,
                  namespace,
                  Optional.ofNullable(firstMembers.get(namespace)),
                  next.holdersOf(namespace)));
    }
    for (Joined join : joined) {
      (isInAny(join.process().namespaces(), createdLater) ? later : events).add(join);
    }
    for (Ended end : next.ended()) {
      events.add(destroyed(end, sighting));
    }
    events.addAll(later);
    return events;
  }

  private void compareTasks(
      List<Task> prev, List<Task> next, Sighting sighting, List<Left> left, List<Joined> joined) {
    if (prev == next) {
      return;
    }
    int i = 0;
    int j = 0;
    while (i < prev.size() || j < next.size()) {
      if (i < prev.size() && j < next.size() && prev.get(i) == next.get(j)) {
        i++;
        j++;
        continue;
      }
      int order =
          i == prev.size() ? 1 : j == next.size() ? -1 : prev.get(i).compareRow(next.get(j));
      if (order < 0) {
        leave(prev.get(i++), sighting, left);
      } else if (order > 0) {
        join(next.get(j++), prev, next, sighting, joined);
      } else {
        Task before = prev.get(i++);
        Task after = next.get(j++);
        if (before.sameTask(after)) {
          move(before.namespaces(), after, sighting, joined);
        } else {
          leave(before, sighting, left);
          join(after, prev, next, sighting, joined);
        }
      }
    }
  }

  private void leave(Task task, Sighting sighting, List<Left> left) {
    List<Namespace> namespaces = new ArrayList<>(NamespaceLink.MEMBERSHIPS);
    for (int link = 0; link < NamespaceLink.MEMBERSHIPS; link++) {
      if (task.namespaces().knows(link) && tells(task.namespaces().get(link))) {
        namespaces.add(task.namespaces().get(link));
      }
    }
    if (!namespaces.isEmpty()) {
      left.add(new Left(sighting, task, namespaces));
    }
  }

  private void join(
      Task task, List<Task> prev, List<Task> next, Sighting sighting, List<Joined> joined) {
    NamespaceSet from = NamespaceSet.NONE;
    if (task.tid() != 0) {
      // A thread begins where its process is, or was: what differs from there, it has moved to.
      Optional<Task> leader = leaderOf(task, next);
      from =
          leaderOf(task, prev)
              .filter(before -> leader.filter(before::sameTask).isPresent())
              .filter(before -> !before.namespaces().equals(NamespaceSet.NONE))
              .or(() -> leader)
              .map(Task::namespaces)
              .filter(set -> !set.sameMemberships(task.namespaces()))
              .orElse(NamespaceSet.NONE);
    }
    move(from, task, sighting, joined);
  }

  private static Optional<Task> leaderOf(Task thread, List<Task> tasks) {
    Task leader =
        new Task(thread.pid(), 0, 0, Task.State.LIVE, NamespaceSet.NONE, ProcessInfo.UNKNOWN);
    int index = Collections.binarySearch(tasks, leader, Task::compareRow);
    return index < 0 ? Optional.empty() : Optional.of(tasks.get(index));
  }

  private void move(NamespaceSet from, Task after, Sighting sighting, List<Joined> joined) {
    NamespaceSet to = after.namespaces();
    if (from == to || from.sameMemberships(to)) {
      return;
    }
    List<Place> places = new ArrayList<>(NamespaceLink.MEMBERSHIPS);
    boolean news = false;
    for (int link = 0; link < NamespaceLink.MEMBERSHIPS; link++) {
      if (!to.knows(link)) {
        continue;
      }
      Namespace now = to.get(link);
      boolean moved = from.knows(link) && from.get(link) != now;
      if (moved) {
        places.add(new Place(now, Optional.of(from.get(link))));
      } else if (tells(now)) {
        places.add(new Place(now, Optional.empty()));
      }
      news |= moved || (!from.knows(link) && tells(now));
    }
    if (news) {
      joined.add(new Joined(sighting, after, places));
    }
  }

  private boolean tells(Namespace namespace) {
    return includeInitial || !namespace.initial();
  }

  private static List<Namespace> created(Snapshot prev, Snapshot next) {
    if (prev.namespaces() == next.namespaces()) {
      return List.of();
    }
    Set<Namespace> known = Collections.newSetFromMap(new IdentityHashMap<>());
    known.addAll(prev.namespaces());
    List<Namespace> created = new ArrayList<>();
    for (Namespace namespace : next.namespaces()) {
      if (!known.contains(namespace)) {
        created.add(namespace);
      }
    }
    return created;
  }

  private static IdentityHashMap<Namespace, Task> firstMembers(
      List<Namespace> of, List<Task> tasks) {
    IdentityHashMap<Namespace, Task> first = new IdentityHashMap<>();
    if (of.isEmpty()) {
      return first;
    }
    Set<Namespace> wanted = Collections.newSetFromMap(new IdentityHashMap<>());
    for (Namespace namespace : of) {
      if (!namespace.initial()) {
        wanted.add(namespace);
      }
    }
    for (Task task : tasks) {
      NamespaceSet set = task.namespaces();
      for (int link = 0; !set.isInitial() && link < NamespaceLink.MEMBERSHIPS; link++) {
        if (set.knows(link) && wanted.contains(set.get(link))) {
          first.putIfAbsent(set.get(link), task);
        }
      }
    }
    return first;
  }

  private static boolean isInAny(NamespaceSet set, Set<String> keys) {
    for (int link = 0; !keys.isEmpty() && link < NamespaceLink.MEMBERSHIPS; link++) {
      if (set.knows(link) && keys.contains(set.get(link).key())) {
        return true;
      }
    }
    return false;
  }

  /// The wall clock may have been set back in between.
  private static long millis(Instant since, Instant until) {
    return Math.max(0, Duration.between(since, until).toMillis());
  }

  private static Destroyed destroyed(Ended end, Sighting sighting) {
    OptionalLong lifetime =
        end.namespace()
            .created()
            .map(since -> OptionalLong.of(millis(since, sighting.time())))
            .orElseGet(OptionalLong::empty);
    return new Destroyed(sighting, end.namespace(), lifetime, end.evidence(), end.lastMember());
  }
}
