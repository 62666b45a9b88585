package dev.nsmon.event;

import dev.nsmon.namespace.Namespace;
import dev.nsmon.namespace.NamespaceLink;
import dev.nsmon.namespace.NamespaceType;
import dev.nsmon.namespace.Task;
import dev.nsmon.namespace.Task.State;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/// A host on which things happen at random.
///
/// Pids and inodes are few, so both are reused at once.
final class RandomHost {
  private static final int PIDS = 12;
  private static final int TIDS = 3;
  static final int[] LEFT_TO_ZOMBIES = {NamespaceType.PID.ordinal(), NamespaceType.USER.ordinal()};

  /// A task, with the namespaces that it is in; the row is the one that showed it last.
  static final class Actor {
    final long instance;
    final Map<Integer, Actor> threads = new TreeMap<>();
    Namespace[] in;
    State state = State.LIVE;
    Optional<Task> row = Optional.empty();

    Actor(long instance, Namespace[] in) {
      this.instance = instance;
      this.in = in.clone();
    }
  }

  private final Random random;
  final Map<Integer, Actor> actors = new TreeMap<>();
  final List<Namespace> alive = new ArrayList<>();
  final Set<Namespace> mounted = Collections.newSetFromMap(new IdentityHashMap<>());
  private long instances;
  private long ids;

  /// Of namespaces that begin now; empty for those that are older than the monitor.
  Optional<Instant> now = Optional.empty();

  RandomHost(Random random) {
    this.random = random;
    Namespace[] initial = new Namespace[NamespaceLink.MEMBERSHIPS];
    for (NamespaceType type : NamespaceType.values()) {
      initial[type.ordinal()] = add(type, type.initialInode(), true, "", "");
    }
    actors.put(1, new Actor(++instances, initial));
  }

  /// One thing happens, and what nothing holds any more ends.
  void happen() {
    happenToOne();
    endTheUnheld();
  }

  private void happenToOne() {
    int pid = pick(new ArrayList<>(actors.keySet()));
    Actor actor = actors.get(pid);
    boolean live = actor.state == State.LIVE;
    switch (random.nextInt(12)) {
      case 0, 1, 2 -> {
        if (actor.state != State.ZOMBIE) {
          fork(actor);
        }
      }
      case 3, 4 -> {
        if (live) {
          unshare(actor);
        }
      }
      case 5 -> {
        if (live) {
          setns(actor);
        }
      }
      case 6 -> exit(pid);
      case 7 -> {
        if (pid != 1) {
          actor.state = State.ZOMBIE;
          actor.threads.clear();
        }
      }
      case 8 -> {
        if (actor.state != State.ZOMBIE) {
          actor.state = live ? State.DENIED : State.LIVE;
        }
      }
      case 9 -> {
        if (actor.state != State.ZOMBIE) {
          int tid = pid * 100 + 1 + random.nextInt(TIDS);
          Actor thread = actor.threads.remove(tid);
          if (thread == null) {
            thread = new Actor(++instances, actor.in);
            actor.threads.put(tid, thread);
            unshare(thread);
          }
        }
      }
      case 10 -> mounted.add(pick(alive));
      default -> mounted.remove(pick(alive));
    }
  }

  private void fork(Actor parent) {
    int pid = 2 + random.nextInt(PIDS);
    if (actors.containsKey(pid)) {
      exit(pid);
    }
    actors.put(pid, new Actor(++instances, parent.in));
    if (random.nextInt(3) == 0) {
      unshare(actors.get(pid));
    }
  }

  private void exit(int pid) {
    if (pid != 1) {
      actors.remove(pid);
    }
  }

  private void unshare(Actor actor) {
    for (int i = random.nextInt(3); i >= 0; i--) {
      NamespaceType type = pick(List.of(NamespaceType.values()));
      long inode = 100;
      while (isTaken(inode)) {
        inode++;
      }
      String owner = actor.in[NamespaceType.USER.ordinal()].key();
      String parent = type.hasParent() ? actor.in[type.ordinal()].key() : "";
      actor.in[type.ordinal()] = add(type, inode, false, parent, owner);
    }
  }

  private void setns(Actor actor) {
    Namespace there = pick(alive);
    actor.in[there.type().ordinal()] = there;
  }

  private boolean isTaken(long inode) {
    return alive.stream().anyMatch(namespace -> namespace.inode() == inode);
  }

  private Namespace add(
      NamespaceType type, long inode, boolean initial, String parent, String owner) {
    long id = ++ids;
    Namespace namespace =
        new Namespace(
            type, inode, id, Namespace.keyOfId(type, id), initial, parent, owner, -1, now);
    alive.add(namespace);
    return namespace;
  }

  private void endTheUnheld() {
    Set<Namespace> held = Collections.newSetFromMap(new IdentityHashMap<>());
    held.addAll(mounted);
    for (Actor actor : actors.values()) {
      if (actor.state == State.ZOMBIE) {
        for (int type : LEFT_TO_ZOMBIES) {
          held.add(actor.in[type]);
        }
      } else {
        Collections.addAll(held, actor.in);
        actor.threads.values().forEach(thread -> Collections.addAll(held, thread.in));
      }
    }
    Set<String> needed = new HashSet<>();
    for (Namespace namespace : List.copyOf(alive.reversed())) {
      if (namespace.initial() || held.contains(namespace) || needed.contains(namespace.key())) {
        needed.add(namespace.parent());
        needed.add(namespace.owner());
      } else {
        alive.remove(namespace);
      }
    }
  }

  private <T> T pick(List<T> from) {
    return from.get(random.nextInt(from.size()));
  }
}
