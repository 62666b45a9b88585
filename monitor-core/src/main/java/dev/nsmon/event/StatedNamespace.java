package dev.nsmon.event;

import dev.nsmon.event.NamespaceEvent.Place;
import dev.nsmon.event.NamespaceEvent.Sighting;
import dev.nsmon.namespace.Holder;
import dev.nsmon.namespace.Namespace;
import dev.nsmon.namespace.NamespaceLink;
import dev.nsmon.namespace.NamespaceSet;
import dev.nsmon.namespace.Task;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A namespace in a [HostState], with its members. Mutable.
final class StatedNamespace {
  Namespace namespace;
  List<Holder> holders = List.of();
  final Set<Member> members = new HashSet<>();

  /// Merges what another event knows of the namespace. An unknown value does not replace a known
  /// one. If the inode or [Namespace#initial] differs, the other replaces this one.
  void learn(Namespace other) {
    if (other == namespace) {
      return;
    }
    boolean isOther = other.inode() >= 0 && other.inode() != namespace.inode();
    if (isOther || other.initial() != namespace.initial()) {
      namespace = other;
      return;
    }
    long id = other.id() >= 0 ? other.id() : namespace.id();
    String parent = other.parent().isEmpty() ? namespace.parent() : other.parent();
    String owner = other.owner().isEmpty() ? namespace.owner() : other.owner();
    int ownerUid = other.ownerUid() != -1 ? other.ownerUid() : namespace.ownerUid();
    if (id != namespace.id()
        || ownerUid != namespace.ownerUid()
        || !parent.equals(namespace.parent())
        || !owner.equals(namespace.owner())) {
      namespace = namespace.learned(id, parent, owner, ownerUid);
    }
  }

  /// The observation that first showed it; the argument if that is unknown.
  Sighting seen(Sighting otherwise) {
    return namespace
        .created()
        .map(since -> new Sighting(since, Optional.empty(), Source.POLL))
        .orElse(otherwise);
  }

  /// Sorts parents and owners before their children; else keeps the order.
  static Collection<StatedNamespace> parentsFirst(Map<String, StatedNamespace> all) {
    List<StatedNamespace> sorted = new ArrayList<>(all.size());
    Set<StatedNamespace> begun = new HashSet<>();
    Set<StatedNamespace> done = new HashSet<>();
    // No recursion: the input may nest them to any depth.
    Deque<StatedNamespace> open = new ArrayDeque<>();
    for (StatedNamespace one : all.values()) {
      open.push(one);
      while (!open.isEmpty()) {
        StatedNamespace next = open.peek();
        if (begun.add(next)) {
          above(next.namespace.owner(), all, begun, open);
          above(next.namespace.parent(), all, begun, open);
        } else {
          open.pop();
          if (done.add(next)) {
            sorted.add(next);
          }
        }
      }
    }
    return sorted;
  }

  private static void above(
      String key,
      Map<String, StatedNamespace> all,
      Set<StatedNamespace> begun,
      Deque<StatedNamespace> open) {
    StatedNamespace above = all.get(key);
    if (above != null && !begun.contains(above)) {
      open.push(above);
    }
  }

  /// The generation in a key, such as 2 in `net:4026532177.2`; 0 if the key has none.
  static int generation(String key) {
    int dot = key.lastIndexOf('.');
    if (dot < 0) {
      return 0;
    }
    try {
      return Math.max(0, Integer.parseInt(key, dot + 1, key.length(), 10));
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  /// A task in a [HostState], with its memberships. Mutable.
  static final class Member {
    /// By type; null where no event has given one.
    final StatedNamespace[] in = new StatedNamespace[NamespaceLink.MEMBERSHIPS];

    /// The task of its last event, or the row that [#row] made of it.
    private Task task;

    Member(Task task) {
      this.task = task;
    }

    static long id(Task task) {
      return (long) task.pid() << 32 | task.tid();
    }

    long id() {
      return id(task);
    }

    boolean isAnywhere() {
      for (StatedNamespace one : in) {
        if (one != null) {
          return true;
        }
      }
      return false;
    }

    void enterAll() {
      for (StatedNamespace one : in) {
        if (one != null) {
          one.members.add(this);
        }
      }
    }

    void leaveAll() {
      for (StatedNamespace one : in) {
        if (one != null) {
          one.members.remove(this);
        }
      }
    }

    List<Place> places() {
      List<Place> places = new ArrayList<>(in.length);
      for (StatedNamespace one : in) {
        if (one != null) {
          places.add(new Place(one.namespace, Optional.empty()));
        }
      }
      return places;
    }

    /// The task as a row; a type without a namespace gets the initial one. Returns the previous
    /// instance if nothing has changed.
    Task row(StatedNamespace[] initial) {
      Namespace[] links = new Namespace[NamespaceLink.COUNT];
      for (int link = 0; link < in.length; link++) {
        StatedNamespace there = in[link] == null ? initial[link] : in[link];
        links[link] = there == null ? null : there.namespace;
      }
      NamespaceSet set = new NamespaceSet(links);
      if (task.state() != Task.State.LIVE || !set.equals(task.namespaces())) {
        task = new Task(task.pid(), task.tid(), task.instance(), Task.State.LIVE, set, task.info());
      }
      return task;
    }

    /// The rows of these members, in the order of a snapshot.
    static List<Task> rows(Collection<Member> of, StatedNamespace[] initial) {
      List<Task> rows = new ArrayList<>(of.size());
      for (Member member : of) {
        rows.add(member.row(initial));
      }
      rows.sort(Task::compareRow);
      return rows;
    }
  }
}
