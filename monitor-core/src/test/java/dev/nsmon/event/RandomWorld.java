package dev.nsmon.event;

import dev.nsmon.event.RandomHost.Actor;
import dev.nsmon.namespace.Ended;
import dev.nsmon.namespace.Evidence;
import dev.nsmon.namespace.LookReport;
import dev.nsmon.namespace.Namespace;
import dev.nsmon.namespace.NamespaceLink;
import dev.nsmon.namespace.NamespaceSet;
import dev.nsmon.namespace.ProcessInfo;
import dev.nsmon.namespace.Snapshot;
import dev.nsmon.namespace.Task;
import dev.nsmon.namespace.Task.State;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/// Looks at a [RandomHost] as the scanner has them: they share instances, know of a zombie what was
/// known before, and of a refused process no more than that.
final class RandomWorld {
  private final Random random;
  private final RandomHost host;
  private final Map<NamespaceSet, NamespaceSet> sets = new HashMap<>();
  private Snapshot last = Snapshot.EMPTY;
  private int looks;

  RandomWorld(long seed) {
    random = new Random(seed);
    host = new RandomHost(random);
  }

  /// What the next look finds, after some things have happened.
  Snapshot next() {
    for (int i = random.nextInt(looks == 0 ? 60 : 9); i > 0; i--) {
      host.happen();
    }
    List<Task> rows = new ArrayList<>();
    host.actors.forEach((pid, actor) -> show(pid, actor, rows));
    boolean quiet = rows.equals(last.tasks()) && random.nextBoolean();
    List<Task> tasks = quiet ? last.tasks() : List.copyOf(rows);
    last = snapshot(tasks, visible(tasks));
    looks++;
    host.now = Optional.of(now());
    return last;
  }

  private void show(int pid, Actor actor, List<Task> rows) {
    rows.add(row(pid, 0, actor, actor.state));
    Task leader = rows.getLast();
    actor.threads.forEach(
        (tid, thread) -> {
          boolean readable = actor.state == State.LIVE;
          if (thread.row.isPresent()
              || (readable && !intern(thread.in).equals(leader.namespaces()))) {
            rows.add(readable ? row(pid, tid, thread, State.LIVE) : thread.row.orElseThrow());
          }
        });
  }

  private Task row(int pid, int tid, Actor actor, State state) {
    NamespaceSet seen = actor.row.map(Task::namespaces).orElse(NamespaceSet.NONE);
    if (state == State.LIVE) {
      seen = intern(actor.in);
    } else if (state == State.ZOMBIE && actor.row.isEmpty()) {
      Namespace[] links = new Namespace[NamespaceLink.MEMBERSHIPS];
      for (int type : RandomHost.LEFT_TO_ZOMBIES) {
        links[type] = actor.in[type];
      }
      seen = intern(links);
    }
    Task task = new Task(pid, tid, actor.instance, state, seen, ProcessInfo.UNKNOWN);
    Task shown = actor.row.filter(task::equals).orElse(task);
    actor.row = Optional.of(shown);
    return shown;
  }

  private NamespaceSet intern(Namespace[] in) {
    Namespace[] links = Arrays.copyOf(in, NamespaceLink.COUNT);
    NamespaceSet set = new NamespaceSet(links);
    return sets.computeIfAbsent(set, _ -> set);
  }

  /// What lives and was seen before, is named by a row or a mount, or belongs to what is.
  private List<Namespace> visible(List<Task> rows) {
    Set<Namespace> shown = Collections.newSetFromMap(new IdentityHashMap<>());
    shown.addAll(last.namespaces());
    shown.addAll(host.mounted);
    for (Task row : rows) {
      for (int link = 0; link < NamespaceLink.MEMBERSHIPS; link++) {
        if (row.namespaces().knows(link)) {
          shown.add(row.namespaces().get(link));
        }
      }
    }
    Set<String> needed = new HashSet<>();
    List<Namespace> visible = new ArrayList<>();
    for (Namespace namespace : host.alive.reversed()) {
      if (namespace.initial() || shown.contains(namespace) || needed.contains(namespace.key())) {
        visible.addFirst(namespace);
        needed.add(namespace.parent());
        needed.add(namespace.owner());
      }
    }
    return visible.equals(last.namespaces()) ? last.namespaces() : List.copyOf(visible);
  }

  private Snapshot snapshot(List<Task> tasks, List<Namespace> visible) {
    List<Ended> ended = new ArrayList<>();
    for (Namespace namespace : last.namespaces().reversed()) {
      if (!visible.contains(namespace)) {
        Optional<Task> member =
            last.tasks().stream().filter(row -> row.namespaces().isMember(namespace)).findFirst();
        ended.add(new Ended(namespace, Evidence.KERNEL_ID_GONE, member));
      }
    }
    LookReport report = new LookReport(host.actors.size(), 0, 0, 0, host.actors.size(), 0);
    return new Snapshot(now(), tasks, visible, Map.of(), List.copyOf(ended), report);
  }

  private Instant now() {
    return Scene.BEGAN.plusSeconds(looks);
  }
}
