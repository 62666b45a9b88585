package dev.nsmon.corpus;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import dev.nsmon.corpus.Proc.Target;
import dev.nsmon.corpus.Proc.Thr;
import dev.nsmon.libc.Errno;
import dev.nsmon.libc.KernelCalls;
import dev.nsmon.libc.Libc;
import dev.nsmon.namespace.NamespaceLink;
import dev.nsmon.namespace.NamespaceType;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;

/// The system calls of a [Host]: `/proc`, nsfs, clocks and what else [KernelCalls] names, answered
/// from the state of the host at that moment.
///
/// A scenario may make a call fail, or have something happen right before it; calls have names such
/// as `open /proc/42/ns` or `handle net1`. Any thread may call; what is to happen before a call
/// happens on the thread that made the kernel, or the one that searches while that waits.
final class SimulatedKernel implements KernelCalls {
  private static final int ENXIO = 6;
  private static final int ENOTTY = 25;
  private static final int FD_NSFS_ROOT = -10003;
  private static final long SIOCGSKNS = 0x894C;
  private static final int NSFS_HANDLE = 0xf1;

  /// What a descriptor of the monitor leads to.
  private sealed interface Node {
    /// `/proc` where there is no process; else `sub` of a process or thread: ``, `ns`, `fd`, `task`
    /// or any file.
    record At(Proc proc, Thr thread, String sub) implements Node {}

    /// An opened file: what of it has not been read.
    record Opened(ByteBuffer left) implements Node {}

    record OfNs(Ns ns) implements Node {}

    record Socket(Ns net) implements Node {}

    record Pidfd(Proc proc, Thr thread) implements Node {}

    record Other(String name) implements Node {}
  }

  private final Host host;
  private final Thread owner = Thread.currentThread();
  private final TreeMap<Integer, Node> open = new TreeMap<>();
  private final Map<Integer, List<Entry>> lists = new HashMap<>();
  private final Map<String, Integer> failing = new HashMap<>();
  private final Map<String, Runnable> before = new HashMap<>();
  private final Map<String, Integer> counts = new HashMap<>();
  private final Map<Integer, CountDownLatch> hanging = new ConcurrentHashMap<>();

  /// Whether a call has come to where it hangs.
  volatile boolean hangs;

  /// Mount points that another mount covers, and such that are not in the cache of names.
  final Set<String> covered = new HashSet<>();

  final Set<String> notCached = new HashSet<>();

  /// How many CPUs there are; below zero: an error number.
  int cpus = 2;

  private int cpu;

  private record Entry(String name, long inode) {}

  SimulatedKernel(Host host) {
    this.host = host;
  }

  // ---- for scenarios

  /// Has this call fail, until [#heal].
  void fail(String call, int errno) {
    failing.put(call, errno);
  }

  void heal(String call) {
    failing.remove(call);
  }

  /// Has this happen right before the call is made next.
  void before(String call, Runnable happening) {
    before.put(call, happening);
  }

  /// Has getting the descriptor with this number, of whatever process, take until the latch is at
  /// zero.
  void hang(int descriptor, CountDownLatch until) {
    hanging.put(descriptor, until);
  }

  /// How often this call was made.
  int count(String call) {
    return counts.getOrDefault(call, 0);
  }

  /// Names of what the monitor has open.
  synchronized List<String> opened() {
    List<String> names = new ArrayList<>();
    open.values().forEach(node -> names.add(name(node)));
    return names;
  }

  private int enter(String call) {
    counts.merge(call, 1, Integer::sum);
    Thread caller = Thread.currentThread();
    boolean expected = caller == owner || caller.getName().equals("search");
    Runnable happening = expected ? before.remove(call) : null;
    if (happening != null) {
      happening.run();
    }
    return -failing.getOrDefault(call, 0);
  }

  private static String name(Node node) {
    return switch (node) {
      case Node.At(Proc proc, _, _) when proc == null -> "/proc";
      case Node.At(Proc proc, Thr thread, String sub) ->
          "/proc/"
              + proc.pid
              + (thread == proc.main ? "" : "/task/" + thread.tid)
              + (sub.isEmpty() ? "" : "/" + sub);
      case Node.Opened _ -> "file";
      case Node.OfNs(Ns ns) -> ns.name;
      case Node.Socket(Ns net) -> "socket in " + net.name;
      case Node.Pidfd(Proc proc, _) -> "pidfd of " + proc.pid;
      case Node.Other(String name) -> name;
    };
  }

  // ---- paths

  /// Where a path leads without the last link being followed; null if nothing is there.
  private Node walk(int dirfd, String path) {
    if (path.startsWith("/proc/self/fd/")) {
      return open.get(Integer.parseInt(path.substring(14)));
    }
    Node at = dirfd == Libc.AT_FDCWD || path.startsWith("/") ? null : open.get(dirfd);
    String rest = path;
    if (path.startsWith("/")) {
      if (!path.startsWith("/proc")) {
        return null;
      }
      at = new Node.At(null, null, "");
      rest = path.substring(5);
    }
    for (String part : rest.split("/", -1)) {
      at = part.isEmpty() || part.equals(".") || at == null ? at : step(at, part);
    }
    return at;
  }

  private Node step(Node from, String part) {
    if (!(from instanceof Node.At(Proc proc, Thr thread, String sub))) {
      return null;
    }
    if (proc == null) {
      Proc found =
          part.endsWith("self")
              ? host.processes.get(host.self)
              : part.chars().allMatch(Character::isDigit)
                  ? host.processes.get(Integer.parseInt(part))
                  : null;
      return found == null ? null : new Node.At(found, found.main, "");
    }
    if (part.equals("..")) {
      return new Node.At(proc, thread, "");
    }
    if (isGone(proc, thread)) {
      return null;
    }
    if (sub.equals("task")) {
      Thr found = proc.threads.get(Integer.parseInt(part));
      return found == null ? null : new Node.At(proc, found, "");
    }
    return new Node.At(proc, thread, sub.isEmpty() ? part : sub + "/" + part);
  }

  private static boolean isGone(Proc proc, Thr thread) {
    return proc.reaped || proc.threads.get(thread.tid) != thread;
  }

  private int put(Node node) {
    int fd = 100;
    while (open.containsKey(fd)) {
      fd++;
    }
    open.put(fd, node);
    Ns held = held(node);
    if (held != null) {
      host.openByMonitor.add(held);
    }
    return fd;
  }

  /// What an open file keeps alive: an nsfs file its namespace, and anything of a process the pid
  /// namespace where it has its number (`struct pid`, `kernel/pid.c`).
  private static Ns held(Node node) {
    return switch (node) {
      case Node.OfNs(Ns ns) -> ns;
      case Node.At(Proc proc, _, _) ->
          proc == null ? null : proc.main.links[NamespaceType.PID.ordinal()];
      case Node.Pidfd(Proc proc, _) -> proc.main.links[NamespaceType.PID.ordinal()];
      case Node.Socket(Ns net) -> net;
      case Node.Opened _, Node.Other _ -> null;
    };
  }

  @Override
  public synchronized int openat(int dirfd, MemorySegment path, int flags) {
    Node node = walk(dirfd, path.getString(0));
    if (node == null) {
      return -Errno.ENOENT;
    }
    int failure = enter("open " + name(node));
    if (failure < 0) {
      return failure;
    }
    if (!(node instanceof Node.At(Proc proc, Thr thread, String sub))) {
      return put(node);
    }
    if (proc != null && isGone(proc, thread)) {
      return -Errno.ENOENT;
    }
    boolean isPath = (flags & Libc.O_PATH) != 0;
    if (sub.startsWith("ns/")) {
      Ns ns = thread.at(link(sub));
      return proc.denied ? -Errno.EACCES : ns == null ? -Errno.ENOENT : put(new Node.OfNs(ns));
    }
    if (sub.startsWith("fd/")) {
      return switch (proc.descriptors.get(Integer.parseInt(sub.substring(3)))) {
        case null -> -Errno.ENOENT;
        case Target.OfNs(Ns ns) -> put(new Node.OfNs(ns));
        case Target.Socket _ -> -ENXIO;
        case Target.Other(String name) -> put(new Node.Other(name));
      };
    }
    return switch (sub) {
      case "" -> put(node);
      case "ns", "task" -> put(node);
      case "fd" -> proc.denied && !isPath ? -Errno.EACCES : put(node);
      case "root" -> proc.denied || thread.exited ? denied(proc) : put(node);
      case "mountinfo" -> thread.exited ? -Errno.EINVAL : file(mountinfo(thread));
      case "stat" -> file(proc.stat(thread));
      case "status" -> file(status(proc, thread));
      case "cgroup" -> file("0::" + proc.cgroup + "\n");
      default -> -Errno.ENOENT;
    };
  }

  private static int denied(Proc proc) {
    return proc.denied ? -Errno.EACCES : -Errno.ENOENT;
  }

  private int file(String content) {
    return put(new Node.Opened(ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8))));
  }

  private static String status(Proc proc, Thr thread) {
    return "Name:\t"
        + proc.comm
        + "\nUid:\t"
        + proc.uid
        + "\t0\t0\t0\nNSpid:\t"
        + thread.tid
        + "\n";
  }

  private String mountinfo(Thr thread) {
    StringBuilder lines = new StringBuilder("21 1 8:1 / / rw - ext4 /dev/sda1 rw\n");
    for (Host.Mount mount : host.mounts) {
      if (mount.in() == thread.at(NamespaceLink.MNT)) {
        lines
            .append("36 21 0:4 " + mount.ns().link() + " ")
            .append(mount.path().replace(" ", "\\040"))
            .append(" rw shared:24 - nsfs nsfs rw\n");
      }
    }
    return lines.toString();
  }

  private static NamespaceLink link(String sub) {
    for (int link = 0; link < NamespaceLink.COUNT; link++) {
      if (sub.equals("ns/" + NamespaceLink.at(link).fileName())) {
        return NamespaceLink.at(link);
      }
    }
    throw new AssertionError(sub);
  }

  @Override
  public synchronized int openat2(int dirfd, MemorySegment path, MemorySegment how) {
    String point = path.getString(0);
    int failure = enter("mounted " + point);
    if (failure < 0 || !(open.get(dirfd) instanceof Node.At(_, Thr thread, _))) {
      return failure < 0 ? failure : -Errno.EBADF;
    }
    if (notCached.contains(point)) {
      return -Errno.EAGAIN;
    }
    if (covered.contains(point)) {
      return put(new Node.Other(point));
    }
    for (Host.Mount mount : host.mounts.reversed()) {
      if (mount.in() == thread.at(NamespaceLink.MNT) && mount.path().equals(point)) {
        return put(new Node.OfNs(mount.ns()));
      }
    }
    return -Errno.ENOENT;
  }

  @Override
  public synchronized int close(int fd) {
    Node node = open.remove(fd);
    lists.remove(fd);
    Ns held = node == null ? null : held(node);
    if (held != null && host.openByMonitor.remove(held) && !held.isInitial()) {
      host.reap();
    }
    return node == null ? -Errno.EBADF : 0;
  }

  @Override
  public synchronized long read(int fd, MemorySegment buf, long count) {
    if (!(open.get(fd) instanceof Node.Opened(ByteBuffer left))) {
      return -Errno.EBADF;
    }
    byte[] bytes = new byte[(int) Math.min(count, left.remaining())];
    left.get(bytes);
    MemorySegment.copy(bytes, 0, buf, JAVA_BYTE, 0, bytes.length);
    return bytes.length;
  }

  @Override
  public synchronized long rewind(int fd) {
    lists.remove(fd);
    return open.containsKey(fd) ? 0 : -Errno.EBADF;
  }

  @Override
  public synchronized long getdents64(int fd, MemorySegment dirp, long count) {
    if (!(open.get(fd) instanceof Node.At directory)) {
      return -Errno.EBADF;
    }
    int failure = enter("list " + name(directory));
    if (failure < 0) {
      return failure;
    }
    List<Entry> left = lists.computeIfAbsent(fd, _ -> entries(directory));
    int at = 0;
    while (!left.isEmpty()) {
      byte[] name = left.getFirst().name().getBytes(StandardCharsets.UTF_8);
      int length = (19 + name.length + 1 + 7) & ~7;
      if (at + length > count) {
        break;
      }
      dirp.asSlice(at, length).fill((byte) 0);
      dirp.set(JAVA_LONG_UNALIGNED, at, left.getFirst().inode());
      dirp.set(JAVA_BYTE, at + 16, (byte) length);
      MemorySegment.copy(name, 0, dirp, JAVA_BYTE, at + 19, name.length);
      at += length;
      left.removeFirst();
    }
    return at;
  }

  private List<Entry> entries(Node.At directory) {
    List<Entry> entries = new ArrayList<>(List.of(new Entry(".", 1), new Entry("..", 1)));
    Proc proc = directory.proc();
    if (proc == null) {
      host.processes.values().stream()
          .filter(one -> !host.hidden.contains(one.pid))
          .forEach(one -> entries.add(new Entry("" + one.pid, one.directoryInode)));
      entries.add(new Entry("uptime", 5));
    } else if (directory.sub().equals("task")) {
      proc.threads.keySet().forEach(tid -> entries.add(new Entry("" + tid, tid)));
    } else if (directory.sub().equals("fd") && !directory.thread().exited) {
      proc.descriptors.keySet().forEach(fd -> entries.add(new Entry("" + fd, fd)));
    }
    return entries;
  }

  @Override
  public synchronized long readlinkat(int dirfd, MemorySegment path, MemorySegment buf, long size) {
    if (!(walk(dirfd, path.getString(0)) instanceof Node.At node)) {
      return -Errno.ENOENT;
    }
    int failure = enter("readlink " + name(node));
    Proc proc = node.proc();
    if (failure < 0 || isGone(proc, node.thread())) {
      return failure < 0 ? failure : -Errno.ENOENT;
    }
    String text = null;
    if (node.sub().startsWith("ns/")) {
      if (proc.denied) {
        return -Errno.EACCES;
      }
      Ns ns = node.thread().at(link(node.sub()));
      text = ns == null ? null : ns.link();
    } else if (node.sub().startsWith("fd/")) {
      text =
          switch (proc.descriptors.get(Integer.parseInt(node.sub().substring(3)))) {
            case null -> null;
            case Target.OfNs(Ns ns) -> ns.link();
            case Target.Socket(long inode, _) -> "socket:[" + inode + "]";
            case Target.Other(String name) -> name;
          };
    } else if (node.sub().equals("exe")) {
      text = proc.isKernelThread ? null : "/usr/bin/" + proc.comm;
    }
    if (text == null) {
      return -Errno.ENOENT;
    }
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    int length = (int) Math.min(bytes.length, size);
    MemorySegment.copy(bytes, 0, buf, JAVA_BYTE, 0, length);
    return length;
  }

  @Override
  public synchronized int statx(
      int dirfd, MemorySegment path, int flags, int mask, MemorySegment buf) {
    String name = path.getString(0);
    Node node = name.isEmpty() ? open.get(dirfd) : walk(dirfd, name);
    if (node == null) {
      return name.isEmpty() ? -Errno.EBADF : -Errno.ENOENT;
    }
    buf.fill((byte) 0);
    switch (node) {
      case Node.At(Proc proc, Thr thread, _) -> {
        if (proc != null && isGone(proc, thread)) {
          return -Errno.ENOENT;
        }
        if (proc != null) {
          buf.set(JAVA_INT, 16, 2 + proc.threads.size());
          buf.set(JAVA_INT, 20, proc.uid);
        }
      }
      case Node.OfNs(Ns ns) -> buf.set(JAVA_LONG, 32, ns.inode);
      default -> buf.set(JAVA_LONG, 32, 77L);
    }
    return 0;
  }

  // ---- clocks

  @Override
  public synchronized long clockNanos(int clock, MemorySegment timespec) {
    if (clock == Libc.CLOCK_BOOTTIME) {
      return host.bootNanos();
    }
    int pid = ~(clock >> 3);
    int failure = enter("cpu " + pid);
    Proc process = host.processes.get(pid);
    return failure < 0 ? failure : process == null ? -Errno.EINVAL : process.cpuNanos;
  }

  // ---- nsfs

  @Override
  public synchronized int nameToHandleAt(
      int dirfd, MemorySegment path, MemorySegment handle, MemorySegment mountId, int flags) {
    if (!(open.get(dirfd) instanceof Node.OfNs(Ns ns))) {
      return open.containsKey(dirfd) ? -Errno.EOPNOTSUPP : -Errno.EBADF;
    }
    int failure = enter("id " + ns.name);
    if (failure < 0 || !host.kind.hasIds()) {
      return failure < 0 ? failure : -Errno.EOPNOTSUPP;
    }
    handle.set(JAVA_INT, 4, NSFS_HANDLE);
    handle.set(JAVA_LONG, 8, ns.id);
    handle.set(JAVA_INT, 16, ns.type.cloneFlag());
    handle.set(JAVA_INT, 20, (int) ns.inode);
    return 0;
  }

  @Override
  public synchronized int openByHandleAt(int mountFd, MemorySegment handle, int flags) {
    if (mountFd != FD_NSFS_ROOT || !host.kind.hasIds()) {
      return -Errno.EBADF;
    }
    long id = handle.get(JAVA_LONG, 8);
    for (Ns ns : host.namespaces) {
      if (ns.id == id) {
        int failure = enter("handle " + ns.name);
        if (failure < 0) {
          return failure;
        }
        boolean same =
            handle.get(JAVA_INT, 16) == ns.type.cloneFlag()
                && handle.get(JAVA_INT, 20) == (int) ns.inode;
        boolean opens = same && host.isActive(ns) && host.privileged;
        return opens ? put(new Node.OfNs(ns)) : -Errno.ESTALE;
      }
    }
    return -Errno.ESTALE;
  }

  @Override
  public synchronized int ioctl(int fd, long op, MemorySegment arg) {
    Node node = open.get(fd);
    if (node instanceof Node.Socket(Ns net) && op == SIOCGSKNS) {
      int failure = enter("netOf " + net.name);
      return failure < 0 ? failure : put(new Node.OfNs(net));
    }
    if (!(node instanceof Node.OfNs(Ns ns))) {
      return node == null ? -Errno.EBADF : -ENOTTY;
    }
    return switch ((int) op) {
      case 0xb701 -> related(host.owner(ns), "owner " + ns.name);
      case 0xb702 -> ns.type.hasParent() ? related(ns.parent, "parent " + ns.name) : -Errno.EINVAL;
      case 0xb703 -> ns.type.cloneFlag();
      case 0xb704 -> {
        if (ns.type != NamespaceType.USER) {
          yield -Errno.EINVAL;
        }
        arg.set(JAVA_INT, 0, ns.ownerUid);
        yield 0;
      }
      default -> -ENOTTY;
    };
  }

  private int related(Ns ns, String call) {
    int failure = enter(call);
    return failure < 0
        ? failure
        : ns == null || !host.privileged ? -Errno.EPERM : put(new Node.OfNs(ns));
  }

  // ---- processes

  @Override
  public synchronized int pidfdOpen(int pid, int flags) {
    for (Proc process : host.processes.values()) {
      Thr thread = flags == 0 && process.pid != pid ? null : process.threads.get(pid);
      if (thread != null) {
        int failure = enter("pidfd " + pid);
        return failure < 0 ? failure : put(new Node.Pidfd(process, thread));
      }
    }
    return -Errno.ESRCH;
  }

  @Override
  public int pidfdGetfd(int pidfd, int targetfd) {
    CountDownLatch latch = hanging.get(targetfd);
    if (latch != null) {
      hangs = true;
      try {
        latch.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    return getfd(pidfd, targetfd);
  }

  private synchronized int getfd(int pidfd, int targetfd) {
    if (!(open.get(pidfd) instanceof Node.Pidfd(Proc process, Thr thread))) {
      return -Errno.EBADF;
    }
    int failure = enter("getfd " + process.pid + " " + targetfd);
    if (failure < 0) {
      return failure;
    }
    if (process.reaped || thread.exited) {
      return -Errno.ESRCH;
    }
    if (process.denied) {
      return -Errno.EPERM;
    }
    return switch (process.descriptors.get(targetfd)) {
      case null -> -Errno.EBADF;
      case Target.OfNs(Ns ns) -> put(new Node.OfNs(ns));
      case Target.Socket(_, Ns net) -> put(new Node.Socket(net));
      case Target.Other(String name) -> put(new Node.Other(name));
    };
  }

  @Override
  public int getpid() {
    return host.self;
  }

  @Override
  public synchronized int poll(MemorySegment fds, int count, int timeoutMillis) {
    boolean changed = host.ownMountsChanged;
    host.ownMountsChanged = false;
    return changed ? 1 : 0;
  }

  @Override
  public synchronized int unshare(int flags) {
    int failure = enter("unshare");
    if (failure < 0) {
      return failure;
    }
    Ns owner = host.initial(NamespaceType.USER);
    own()[NamespaceLink.UTS.ordinal()] = host.make(NamespaceType.UTS, null, owner, -1, cpu);
    host.reap();
    return 0;
  }

  @Override
  public synchronized int setns(int fd, int type) {
    int failure = enter("setns");
    if (failure < 0 || !(open.get(fd) instanceof Node.OfNs(Ns ns))) {
      return failure < 0 ? failure : -Errno.EBADF;
    }
    own()[NamespaceLink.UTS.ordinal()] = ns;
    host.reap();
    return 0;
  }

  private Ns[] own() {
    return host.proc(host.self).main.links;
  }

  @Override
  public synchronized int schedGetaffinity(MemorySegment mask) {
    mask.fill((byte) 0);
    for (int i = 0; i < cpus; i++) {
      mask.set(JAVA_BYTE, i >> 3, (byte) (mask.get(JAVA_BYTE, i >> 3) | 1 << (i & 7)));
    }
    return 8;
  }

  @Override
  public synchronized int schedSetaffinity(MemorySegment mask) {
    for (int i = 0; i < mask.byteSize() * 8; i++) {
      if ((mask.get(JAVA_BYTE, i >> 3) >> (i & 7) & 1) != 0) {
        int failure = enter("cpu " + i + " visited");
        cpu = i;
        return failure;
      }
    }
    return -Errno.EINVAL;
  }
}
