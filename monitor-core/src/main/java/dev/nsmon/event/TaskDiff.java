package dev.nsmon.event;

import dev.nsmon.event.NamespaceEvent.Joined;
import dev.nsmon.event.NamespaceEvent.Left;
import dev.nsmon.event.NamespaceEvent.Place;
import dev.nsmon.event.NamespaceEvent.Sighting;
import dev.nsmon.namespace.Cause;
import dev.nsmon.namespace.Namespace;
import dev.nsmon.namespace.NamespaceLink;
import dev.nsmon.namespace.NamespaceSet;
import dev.nsmon.namespace.ProcessInfo;
import dev.nsmon.namespace.Task;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/// Compares the rows of two snapshots: which tasks have left and which have joined. An instance
/// serves one comparison.
final class TaskDiff {
  final List<Left> left = new ArrayList<>();
  final List<Joined> joined = new ArrayList<>();

  private final boolean includeInitial;
  private final Sighting sighting;
  private final Optional<Cause> cause;

  /// @param includeInitial true to report tasks that are in the initial namespaces only
  /// @param cause the cause of every join
  TaskDiff(boolean includeInitial, Sighting sighting, Optional<Cause> cause) {
    this.includeInitial = includeInitial;
    this.sighting = sighting;
    this.cause = cause;
  }

  /// Compares two lists of rows in the order of [Task#compareRow].
  void compare(List<Task> prev, List<Task> next) {
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
        leave(prev.get(i++));
      } else if (order > 0) {
        join(next.get(j++), prev, next);
      } else {
        Task before = prev.get(i++);
        Task after = next.get(j++);
        if (before.sameTask(after)) {
          move(before.namespaces(), after);
        } else {
          leave(before);
          join(after, prev, next);
        }
      }
    }
  }

  private void leave(Task task) {
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

  private void join(Task task, List<Task> prev, List<Task> next) {
    NamespaceSet from = NamespaceSet.NONE;
    if (task.tid() != 0) {
      // A thread begins in its process's namespaces: where it differs from them, it has moved.
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
    move(from, task);
  }

  private static Optional<Task> leaderOf(Task thread, List<Task> tasks) {
    Task leader =
        new Task(thread.pid(), 0, 0, Task.State.LIVE, NamespaceSet.NONE, ProcessInfo.UNKNOWN);
    int index = Collections.binarySearch(tasks, leader, Task::compareRow);
    return index < 0 ? Optional.empty() : Optional.of(tasks.get(index));
  }

  private void move(NamespaceSet from, Task after) {
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
      boolean moved = from.knows(link) && !from.get(link).equals(now);
      if (moved) {
        places.add(new Place(now, Optional.of(from.get(link))));
      } else if (tells(now)) {
        places.add(new Place(now, Optional.empty()));
      }
      news |= moved || (!from.knows(link) && tells(now));
    }
    if (news) {
      joined.add(new Joined(sighting, after, places, cause));
    }
  }

  private boolean tells(Namespace namespace) {
    return includeInitial || !namespace.initial();
  }
}
