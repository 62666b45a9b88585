package dev.nsmon.corpus;

import dev.nsmon.corpus.Proc.Target;
import dev.nsmon.corpus.Proc.Thr;
import dev.nsmon.namespace.NamespaceLink;
import dev.nsmon.namespace.NamespaceType;
import dev.nsmon.push.Inodes;
import dev.nsmon.push.KernelRecord;
import dev.nsmon.push.KernelRecord.Executed;
import dev.nsmon.push.KernelRecord.Exited;
import dev.nsmon.push.KernelRecord.Forked;
import dev.nsmon.push.KernelRecord.Moved;
import dev.nsmon.testing.TestClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// A simulated host: what its processes do to namespaces, and the record that the kernel makes of
/// each. Every verb takes a millisecond.
///
/// A namespace lives as long as a task, a descriptor, a socket, a mount or a namespace that has it
/// as parent or owner holds it; its inode may be used again after.
final class Host {
  private static final long FIRST_INODE = 4_026_532_000L;
  private static final int NS = NamespaceLink.COUNT;

  /// A mount of an nsfs file.
  record Mount(Ns in, String path, Ns ns) {}

  final TestClock clock;
  final KernelKind kind;

  /// Those that are not reaped.
  final TreeMap<Integer, Proc> processes = new TreeMap<>();

  /// All that were ever made.
  final List<Ns> namespaces = new ArrayList<>();

  final List<Mount> mounts = new ArrayList<>();

  /// Processes that are not listed (`hidepid`, proc(5)).
  final Set<Integer> hidden = new TreeSet<>();

  /// Whether a program that asks is told of namespaces outside its own (`CAP_SYS_ADMIN`).
  boolean privileged = true;

  /// The process that the monitor is.
  final int self = 3;

  /// Whether the mounts that the monitor itself sees have changed since it asked.
  boolean ownMountsChanged;

  /// Of these types none is freed until [#free]: the kernel waits for its readers (RCU).
  final Set<NamespaceType> lingering = EnumSet.noneOf(NamespaceType.class);

  /// Whether a record names the namespaces of its task (perf), or is a hint (proc connector).
  boolean namesInodes = true;

  /// Whether each namespace gets the lowest inode that is free.
  boolean usesLowestInode;

  private final Map<String, Integer> numbers = new TreeMap<>();
  private final Ns[] initial = new Ns[NamespaceType.values().length];
  private final Set<Integer> followed = new TreeSet<>();
  private List<KernelRecord> records = new ArrayList<>();
  private Ns reused;

  /// The first process of each pid namespace.
  private final Map<Ns, Integer> first = new HashMap<>();

  private long nextInode = FIRST_INODE;
  private long nextId = 100;
  private long nextDirectory = 20_000;
  private final Map<Integer, Long> batches = new TreeMap<>();
  private long nextBatch = 1;

  Host(KernelKind kind, TestClock clock) {
    this.kind = kind;
    this.clock = clock;
    for (NamespaceType type : NamespaceType.values()) {
      boolean reserved = kind.hasIds() || (type != NamespaceType.MNT && type != NamespaceType.NET);
      long inode = reserved ? type.initialInode() : 4_026_531_840L + type.ordinal();
      Ns user = type == NamespaceType.USER ? null : initial[NamespaceType.USER.ordinal()];
      initial[type.ordinal()] =
          new Ns(
              type,
              type + ":init",
              inode,
              kind.hasIds() ? type.ordinal() + 1 : -1,
              null,
              user,
              type == NamespaceType.USER ? 0 : -1,
              0);
      namespaces.add(initial[type.ordinal()]);
    }
    Ns[] links = new Ns[NS];
    for (int link = 0; link < NS; link++) {
      links[link] = initial[NamespaceLink.at(link).type().ordinal()];
    }
    for (int pid = 1; pid <= self; pid++) {
      Proc process = new Proc(pid, nextDirectory++, 1, 0, links.clone());
      process.isKernelThread = pid == 2;
      processes.put(pid, process);
    }
  }

  /// The owner of an initial namespace is the initial user namespace; that has none.
  Ns owner(Ns ns) {
    return ns.isInitial() && ns.type != NamespaceType.USER
        ? initial[NamespaceType.USER.ordinal()]
        : ns.owner;
  }

  Ns initial(NamespaceType type) {
    return initial[type.ordinal()];
  }

  Proc proc(int pid) {
    Proc process = processes.get(pid);
    if (process == null) {
      throw new IllegalArgumentException("the scenario has no process " + pid);
    }
    return process;
  }

  /// The namespace that the scenario calls so.
  Ns ns(String name) {
    return namespaces.stream()
        .filter(one -> one.name.equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("the scenario has no namespace " + name));
  }

  /// The same, which must live.
  private Ns living(String name) {
    Ns ns = ns(name);
    if (ns.dead) {
      throw new IllegalArgumentException(name + " has ended");
    }
    return ns;
  }

  // ---- verbs

  /// A process makes a child in new namespaces of these types, where it makes no others.
  void fork(int parent, int pid, NamespaceType... types) {
    pass();
    Thr from = proc(parent).main;
    run(parent);
    Ns[] links = from.links.clone();
    links[NamespaceLink.PID.ordinal()] = links[NamespaceLink.PID_FOR_CHILDREN.ordinal()];
    links[NamespaceLink.TIME.ordinal()] = links[NamespaceLink.TIME_FOR_CHILDREN.ordinal()];
    makeNew(links, true, proc(parent).uid, types);
    first.putIfAbsent(links[NamespaceLink.PID.ordinal()], pid);
    Proc child = new Proc(pid, nextDirectory++, ticks(), parent, links);
    child.comm = proc(parent).comm;
    child.cgroup = proc(parent).cgroup;
    child.descriptors = new TreeMap<>(proc(parent).descriptors);
    if (processes.put(pid, child) != null) {
      throw new IllegalArgumentException("the pid " + pid + " is in use");
    }
    recordFork(parent, child.main);
  }

  /// A process makes a thread of itself.
  void thread(int pid, int tid) {
    pass();
    run(pid);
    Proc process = proc(pid);
    Thr thread = new Thr(process, tid, process.main.links.clone());
    process.threads.put(tid, thread);
    recordFork(pid, thread);
  }

  private void recordFork(int parent, Thr task) {
    int pid = task.proc.pid;
    boolean tells = !isHome(task.links) || followed.contains(parent);
    if (tells) {
      followed.add(pid);
    } else if (pid == task.tid) {
      followed.remove(pid);
    }
    if (!namesInodes) {
      records.add(new Forked(now(), pid, task.tid, parent, "", Inodes.NONE));
    } else if (tells) {
      records.add(new Forked(now(), pid, task.tid, parent, task.proc.comm, inodes(task.links)));
    }
  }

  void unshare(int pid, NamespaceType... types) {
    unshareThread(pid, pid, types);
  }

  void unshareThread(int pid, int tid, NamespaceType... types) {
    pass();
    run(pid);
    Thr task = proc(pid).threads.get(tid);
    makeNew(task.links, false, proc(pid).uid, types);
    recordMove(task);
  }

  void setns(int pid, String... names) {
    setnsThread(pid, pid, names);
  }

  void setnsThread(int pid, int tid, String... names) {
    pass();
    run(pid);
    Thr task = proc(pid).threads.get(tid);
    for (String name : names) {
      Ns to = living(name);
      switch (to.type) {
        case PID -> task.links[NamespaceLink.PID_FOR_CHILDREN.ordinal()] = to;
        case TIME -> {
          task.links[NamespaceLink.TIME.ordinal()] = to;
          task.links[NamespaceLink.TIME_FOR_CHILDREN.ordinal()] = to;
        }
        default -> task.links[to.type.ordinal()] = to;
      }
    }
    recordMove(task);
  }

  private void recordMove(Thr task) {
    Proc process = task.proc;
    followed.add(process.pid);
    if (namesInodes) {
      records.add(
          new Moved(
              now(), process.pid, task.tid, process.parent, process.comm, inodes(task.links)));
    }
    reap();
  }

  void exec(int pid, String comm) {
    pass();
    run(pid);
    Proc process = proc(pid);
    process.comm = comm;
    Ns[] links = process.main.links;
    links[NamespaceLink.TIME.ordinal()] = links[NamespaceLink.TIME_FOR_CHILDREN.ordinal()];
    if (!namesInodes) {
      records.add(new Executed(now(), pid, pid, ""));
    } else if (followed.contains(pid)) {
      records.add(new Executed(now(), pid, pid, comm));
    }
    reap();
  }

  /// Does this, and makes the record of it only when the answer is run: `unshare(2)` and `setns(2)`
  /// let go of the old namespaces first and write their record at the end.
  Runnable recordedLater(Runnable verb) {
    int before = records.size();
    verb.run();
    Moved moved = (Moved) records.remove(before);
    return () -> {
      pass();
      records.add(
          new Moved(now(), moved.pid(), moved.tid(), moved.parent(), moved.comm(), moved.inodes()));
    };
  }

  /// The process exits and its parent reaps it at once. The first process of a pid namespace takes
  /// all others in it along.
  void exit(int pid) {
    become(pid, true);
    reap(pid);
  }

  /// The process exits and its parent does not reap it.
  void zombie(int pid) {
    become(pid, true);
  }

  private void become(int pid, boolean records) {
    Proc process = proc(pid);
    for (Thr thread : process.live()) {
      pass();
      if (records && !thread.exiting) {
        recordExit(pid, thread.tid);
      }
      leave(thread);
    }
    process.descriptors.clear();
    Ns own = process.main.links[NamespaceLink.PID.ordinal()];
    boolean isFirst = !own.isInitial() && firstOf(own) == pid;
    reap();
    for (Proc other : List.copyOf(processes.values())) {
      if (isFirst
          && other != process
          && !other.hasExited()
          && other.main.links[NamespaceLink.PID.ordinal()].isWithin(own)) {
        exit(other.pid);
      }
    }
  }

  private int firstOf(Ns pidNamespace) {
    return first.getOrDefault(pidNamespace, -1);
  }

  /// Whether a process can be made in this pid namespace: not once its first has exited.
  boolean hasItsFirst(Ns pidNamespace) {
    Proc process = processes.get(firstOf(pidNamespace));
    return pidNamespace.isInitial()
        || !first.containsKey(pidNamespace)
        || (process != null && !process.hasExited());
  }

  private static void leave(Thr thread) {
    thread.exited = true;
    if (thread != thread.proc.main) {
      thread.proc.threads.remove(thread.tid);
    }
  }

  private void recordExit(int pid, int tid) {
    if (!namesInodes || followed.contains(pid)) {
      records.add(new Exited(now(), pid, tid));
    }
  }

  /// One thread exits; its process goes on while another is left.
  void exitThread(int pid, int tid) {
    pass();
    recordExit(pid, tid);
    leave(proc(pid).threads.get(tid));
    reap();
    if (proc(pid).hasExited()) {
      reap(pid);
    }
  }

  /// The process says that it exits, and lets go of nothing yet (`do_exit` may take long).
  void exiting(int pid) {
    pass();
    recordExit(pid, pid);
    proc(pid).main.exiting = true;
    reap();
  }

  /// The parent of a zombie takes notice.
  void reap(int pid) {
    proc(pid).reaped = true;
    processes.remove(pid);
    reap();
  }

  /// The process goes on without calling anything.
  void run(int pid) {
    proc(pid).cpuNanos += 1000;
  }

  void open(int pid, int fd, String ns) {
    pass();
    run(pid);
    proc(pid).descriptors.put(fd, new Target.OfNs(living(ns)));
  }

  /// A descriptor of a file that is no namespace.
  void openOther(int pid, int fd) {
    pass();
    run(pid);
    proc(pid).descriptors.put(fd, new Target.Other("/var/log/" + fd));
  }

  /// The process makes a socket where it is.
  void socket(int pid, int fd) {
    pass();
    run(pid);
    Ns net = proc(pid).main.links[NamespaceLink.NET.ordinal()];
    proc(pid).descriptors.put(fd, new Target.Socket(nextDirectory++, net));
  }

  void close(int pid, int fd) {
    pass();
    run(pid);
    proc(pid).descriptors.remove(fd);
    reap();
  }

  /// The process mounts a namespace on a file, as `ip netns add` does.
  void mount(int pid, String path, String ns) {
    pass();
    run(pid);
    Ns in = proc(pid).main.links[NamespaceLink.MNT.ordinal()];
    mounts.add(new Mount(in, path, living(ns)));
    ownMountsChanged |= in == proc(self).main.links[NamespaceLink.MNT.ordinal()];
  }

  void unmount(int pid, String path) {
    pass();
    run(pid);
    Ns in = proc(pid).main.links[NamespaceLink.MNT.ordinal()];
    mounts.removeIf(mount -> mount.in() == in && mount.path().equals(path));
    ownMountsChanged |= in == proc(self).main.links[NamespaceLink.MNT.ordinal()];
    reap();
  }

  /// The next namespace that is made gets the inode of this one, which must have ended.
  void reuse(String ns) {
    reused = ns(ns);
  }

  /// What was waited for is over: what lingers is freed.
  void free() {
    lingering.clear();
    reap();
  }

  // ---- what others ask

  /// Records made since this was asked last.
  List<KernelRecord> takeRecords() {
    List<KernelRecord> taken = records;
    records = new ArrayList<>();
    return taken;
  }

  /// A source reports everything of these from now on.
  void follow(int... pids) {
    Arrays.stream(pids).forEach(followed::add);
  }

  long ticks() {
    return bootNanos() / 10_000_000;
  }

  long bootNanos() {
    return clock.nanoTime() + 7_000_000_000L;
  }

  /// An id of the CPU, by the rule of the kernel (`linux/cookie.h`, and `kernel/nscommon.c` since
  /// 6.19).
  long newId(int cpu) {
    return switch (kind) {
      case NO_IDS -> -1;
      case ACTIVE_IDS -> nextId++;
      case IDS -> {
        long next = batches.getOrDefault(cpu, 0L);
        if (next % 4096 == 0) {
          next = 4096 * nextBatch++;
        }
        batches.put(cpu, ++next);
        yield next;
      }
    };
  }

  /// Makes a namespace that nothing holds yet, on a CPU.
  Ns make(NamespaceType type, Ns parent, Ns owner, int uid, int cpu) {
    int number = numbers.merge(type.toString(), 1, Integer::sum);
    Ns made = new Ns(type, "" + type + number, inode(), newId(cpu), parent, owner, uid, now());
    namespaces.add(made);
    return made;
  }

  private long inode() {
    if (reused != null) {
      if (!reused.dead) {
        throw new IllegalArgumentException(reused + " has not ended");
      }
      long inode = reused.inode;
      reused = null;
      return inode;
    }
    if (usesLowestInode) {
      long inode = FIRST_INODE;
      Set<Long> taken = new TreeSet<>();
      namespaces.stream().filter(one -> !one.dead).forEach(one -> taken.add(one.inode));
      while (taken.contains(inode)) {
        inode++;
      }
      return inode;
    }
    return nextInode++;
  }

  /// Whether a handle of it opens.
  boolean isActive(Ns ns) {
    return !ns.dead && (kind != KernelKind.ACTIVE_IDS || ns.isInitial() || held(true).contains(ns));
  }

  /// What lives now: what something holds.
  ///
  /// @param active leave out what only a socket holds
  private Set<Ns> held(boolean active) {
    Set<Ns> held = Collections.newSetFromMap(new IdentityHashMap<>());
    for (Proc process : processes.values()) {
      for (Thr thread : process.threads.values()) {
        for (int link = 0; link < NS; link++) {
          keep(thread.at(NamespaceLink.at(link)), held);
        }
      }
      for (Target target : process.descriptors.values()) {
        switch (target) {
          case Target.OfNs(Ns ns) -> keep(ns, held);
          case Target.Socket(_, Ns net) -> keep(active ? null : net, held);
          case Target.Other _ -> {}
        }
      }
    }
    openByMonitor.forEach(ns -> keep(ns, held));
    for (int size = -1; size != held.size(); ) {
      size = held.size();
      mounts.stream().filter(mount -> held.contains(mount.in())).forEach(m -> keep(m.ns(), held));
    }
    return held;
  }

  /// What the monitor has open at this moment.
  final List<Ns> openByMonitor = new ArrayList<>();

  private static void keep(Ns ns, Set<Ns> held) {
    if (ns != null && held.add(ns)) {
      keep(ns.parent, held);
      keep(ns.owner, held);
    }
  }

  /// Frees what nothing holds.
  void reap() {
    Set<Ns> held = held(false);
    for (Ns ns : namespaces) {
      boolean stays = ns.isInitial() || ns.dead || held.contains(ns);
      if (!stays && !lingering.contains(ns.type)) {
        ns.dead = true;
      }
    }
    mounts.removeIf(mount -> mount.in().dead);
  }

  /// Names of those that live, without the initial ones.
  Set<String> alive() {
    Set<String> names = new TreeSet<>();
    namespaces.stream().filter(ns -> !ns.dead && !ns.isInitial()).forEach(ns -> names.add(ns.name));
    return names;
  }

  /// By process, the names of the namespaces that it is in, without the initial ones.
  Map<Integer, Set<String>> members() {
    Map<Integer, Set<String>> members = new TreeMap<>();
    for (Proc process : processes.values()) {
      Set<String> in = new TreeSet<>();
      Thr shown =
          process.main.exited && !process.live().isEmpty()
              ? process.live().getFirst()
              : process.main;
      for (NamespaceType type : NamespaceType.values()) {
        Ns ns = shown.links[type.ordinal()];
        if (!ns.isInitial() && !process.hasExited()) {
          in.add(ns.name);
        }
      }
      if (!in.isEmpty()) {
        members.put(process.pid, in);
      }
    }
    return members;
  }

  // ---- inside

  private void pass() {
    clock.advance(Duration.ofMillis(1));
  }

  private long now() {
    return clock.nanoTime();
  }

  private void makeNew(Ns[] links, boolean forChild, int uid, NamespaceType... types) {
    List<NamespaceType> order = new ArrayList<>(List.of(types));
    if (order.remove(NamespaceType.USER)) {
      order.addFirst(NamespaceType.USER); // It owns the others.
    }
    for (NamespaceType type : order) {
      Ns parent =
          switch (type) {
            case USER -> links[NamespaceLink.USER.ordinal()];
            case PID -> links[NamespaceLink.PID.ordinal()];
            default -> null;
          };
      Ns owner = links[NamespaceLink.USER.ordinal()];
      Ns made = make(type, parent, owner, type == NamespaceType.USER ? uid : -1, 0);
      switch (type) {
        case PID -> {
          links[NamespaceLink.PID_FOR_CHILDREN.ordinal()] = made;
          if (forChild) {
            links[NamespaceLink.PID.ordinal()] = made;
          }
        }
        case TIME -> {
          links[NamespaceLink.TIME_FOR_CHILDREN.ordinal()] = made;
          if (forChild) {
            links[NamespaceLink.TIME.ordinal()] = made;
          }
        }
        default -> links[type.ordinal()] = made;
      }
    }
  }

  private boolean isHome(Ns[] links) {
    for (NamespaceType type : NamespaceType.values()) {
      if (type != NamespaceType.TIME && !links[type.ordinal()].isInitial()) {
        return false;
      }
    }
    return true;
  }

  /// What a record names: all but the time namespace.
  private static Inodes inodes(Ns[] links) {
    long[] inodes = new long[NamespaceType.values().length];
    for (NamespaceType type : NamespaceType.values()) {
      inodes[type.ordinal()] = type == NamespaceType.TIME ? 0 : links[type.ordinal()].inode;
    }
    return new Inodes(inodes);
  }
}
