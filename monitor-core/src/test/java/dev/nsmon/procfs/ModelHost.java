package dev.nsmon.procfs;

import dev.nsmon.namespace.Cause;
import dev.nsmon.namespace.NamespaceType;
import dev.nsmon.procfs.ModelNamespaces.Ns;
import dev.nsmon.push.KernelRecord;
import dev.nsmon.push.KernelRecord.Executed;
import dev.nsmon.push.KernelRecord.Exited;
import dev.nsmon.push.KernelRecord.Forked;
import dev.nsmon.push.KernelRecord.Moved;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// A host on which processes fork, unshare, setns and exit at random, with the record that the
/// kernel makes of each. There are few pids, so that they are used again soon.
///
/// A namespace lives as long as a member or a namespace that has it as parent or owner does.
final class ModelHost {
  private static final int PIDS = 14;
  private static final int FIRST_PID = 40;
  private static final long SECOND = 1_000_000_000;

  /// What a process can move between by a call: a pid namespace is that of its children.
  private static final List<NamespaceType> MOVABLE =
      List.of(
          NamespaceType.CGROUP,
          NamespaceType.IPC,
          NamespaceType.MNT,
          NamespaceType.NET,
          NamespaceType.USER,
          NamespaceType.UTS);

  private final Random random;
  private final boolean all;
  private final ModelStory story;
  private final ModelNamespaces namespaces = new ModelNamespaces();
  private final TreeMap<Integer, Map<NamespaceType, Ns>> processes = new TreeMap<>();

  /// The first process of each pid namespace, with which it ends.
  private final Map<Integer, Ns> reapers = new HashMap<>();

  /// Processes that are, or have been, elsewhere than in the initial namespaces. What others do may
  /// go unreported.
  private final Set<Integer> known = new TreeSet<>();

  private final List<KernelRecord> records = new ArrayList<>();
  private long nanos;

  /// @param all whether processes in the initial namespaces are told too
  ModelHost(Random random, boolean all) {
    this.random = random;
    this.all = all;
    story = new ModelStory(all);
    processes.put(1, namespaces.initial());
  }

  /// A process that is there before the first record.
  void settle(int pid, NamespaceType... in) {
    Map<NamespaceType, Ns> places = namespaces.initial();
    enterNew(List.of(in), places);
    processes.put(pid, places);
    if (in.length > 0) {
      known.add(pid);
    }
    story.forget();
  }

  /// From now on, each record is a second later than the one before, the first at this time.
  void begin(long first) {
    nanos = first;
  }

  /// The records of so many things that happen.
  List<KernelRecord> happen(int times) {
    for (int i = 0; i < times; i++) {
      happen();
    }
    List<KernelRecord> taken = List.copyOf(records);
    records.clear();
    return taken;
  }

  /// What each record is to tell.
  ModelStory story() {
    return story;
  }

  /// By pid, the keys of the namespaces worth telling that a process is in.
  Map<Integer, Set<String>> members() {
    Map<Integer, Set<String>> members = new TreeMap<>();
    processes.forEach((pid, places) -> members.put(pid, story.keys(places.values())));
    members.values().removeIf(Set::isEmpty);
    return members;
  }

  /// Keys of the namespaces that live, without the initial ones.
  Set<String> alive() {
    Set<String> keys = new TreeSet<>();
    live().stream().filter(ns -> ns.number != 0).forEach(ns -> keys.add(ns.key()));
    return keys;
  }

  /// Keys of the last namespace that has had each inode, whether it lives or not.
  Set<String> lastOfEachInode() {
    return namespaces.lastOfEachInode();
  }

  private Set<Ns> live() {
    return ModelNamespaces.live(processes.values());
  }

  private void happen() {
    int pid = pick(processes.keySet());
    switch (random.nextInt(10)) {
      case 0, 1, 2, 3 -> fork(pid);
      case 4, 5 -> unshare(pid);
      case 6 -> setns(pid);
      case 7 -> record(new Executed(nanos, pid, pid, "exec"));
      default -> {
        if (pid != 1) {
          exit(pid);
        }
      }
    }
  }

  private void fork(int parent) {
    int pid = FIRST_PID + random.nextInt(PIDS);
    if (processes.containsKey(pid)) {
      return;
    }
    Map<NamespaceType, Ns> places = new HashMap<>(processes.get(parent));
    Ns outer = places.get(NamespaceType.PID);
    if (random.nextInt(3) == 0) {
      List<NamespaceType> types = new ArrayList<>(MOVABLE);
      types.add(NamespaceType.PID);
      enterNew(some(types), places);
    }
    if (places.get(NamespaceType.PID) != outer) {
      reapers.put(pid, places.get(NamespaceType.PID));
    }
    processes.put(pid, places);
    story.forked(pid, places);
    boolean home = !isElsewhere(places);
    if (!home) {
      known.add(pid);
    }
    if (!home || all || random.nextBoolean()) {
      record(new Forked(nanos, pid, pid, parent, "sh", Records.inodes(names(places))));
    }
  }

  private void unshare(int pid) {
    // What it leaves it is in until all that it enters are made.
    Map<NamespaceType, Ns> places = new HashMap<>(processes.get(pid));
    enterNew(some(MOVABLE), places);
    move(pid, places, Cause.UNSHARE);
  }

  private void setns(int pid) {
    Map<NamespaceType, Ns> places = new HashMap<>(processes.get(pid));
    Map<NamespaceType, Ns> there = processes.get(pick(processes.keySet()));
    some(MOVABLE).forEach(type -> places.put(type, there.get(type)));
    move(pid, places, Cause.SETNS);
  }

  private void move(int pid, Map<NamespaceType, Ns> places, Cause cause) {
    Map<NamespaceType, Ns> before = processes.put(pid, places);
    if (!places.equals(before)) {
      known.add(pid);
      story.moved(pid, before, places, cause);
    }
    record(new Moved(nanos, pid, pid, 1, "sh", Records.inodes(names(places))));
  }

  /// A pid namespace ends with its first process: the kernel kills all others in it.
  private void exit(int pid) {
    Map<NamespaceType, Ns> places = processes.remove(pid);
    story.exited(pid, places);
    if (known.remove(pid) || all || random.nextBoolean()) {
      record(new Exited(nanos, pid, pid));
    }
    Ns reaped = reapers.remove(pid);
    for (Integer other : List.copyOf(processes.keySet())) {
      if (reaped != null
          && processes.containsKey(other)
          && processes.get(other).get(NamespaceType.PID).isBelow(reaped)) {
        exit(other);
      }
    }
  }

  private void enterNew(Collection<NamespaceType> types, Map<NamespaceType, Ns> places) {
    List<NamespaceType> order = new ArrayList<>(types);
    Collections.shuffle(order, random);
    if (order.remove(NamespaceType.USER)) {
      // It owns what is made with it, and so is made first.
      order.addFirst(NamespaceType.USER);
    }
    for (NamespaceType type : order) {
      places.put(type, namespaces.make(type, places, live(), story));
    }
  }

  private void record(KernelRecord record) {
    records.add(record);
    story.recorded();
    nanos += SECOND;
  }

  private static boolean isElsewhere(Map<NamespaceType, Ns> places) {
    return places.values().stream().anyMatch(ns -> ns.number != 0);
  }

  /// Where the settled process is, as [Records#links] takes it.
  String[] names(int pid) {
    return names(processes.get(pid));
  }

  private static String[] names(Map<NamespaceType, Ns> places) {
    return places.values().stream()
        .filter(ns -> ns.number != 0)
        .map(ns -> ns.type + ":" + ns.number)
        .toArray(String[]::new);
  }

  private Set<NamespaceType> some(List<NamespaceType> of) {
    Set<NamespaceType> some = new TreeSet<>();
    for (int i = random.nextInt(3); i >= 0; i--) {
      some.add(pick(of));
    }
    return some;
  }

  private <T> T pick(Collection<T> from) {
    return List.copyOf(from).get(random.nextInt(from.size()));
  }
}
