package dev.nsmon.procfs;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.nsmon.libc.Libc;
import dev.nsmon.namespace.Holder;
import dev.nsmon.namespace.NamespaceType;
import dev.nsmon.procfs.Slot.Held;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/// Finds namespaces that a bind mount of their nsfs file holds, as `ip netns add` makes it. The
/// table of mounts (`proc_pid_mountinfo(5)`) is one for each mount namespace; it is read once for
/// each, through any process in it.
///
/// The monitor's own table says by poll(2) when it has changed, so a mount made there is seen with
/// the next look. Another's would have to be held open to say so, which would hold its namespace.
final class MountSearch implements AutoCloseable {
  private static final MemorySegment MOUNTINFO = ProcFs.name("../mountinfo");
  private static final MemorySegment MNT = ProcFs.name("mnt");
  private static final MemorySegment SELF = ProcFs.name("/proc/self/ns");
  private static final MemorySegment ROOT = ProcFs.name("../root");

  /// From `linux/openat2.h`: `/` is the process's root, and nothing is waited for. The way to a
  /// mount point is pinned in memory, while a stranger's file system may never answer.
  private static final long RESOLVE_IN_ROOT = 0x10;

  private static final long RESOLVE_CACHED = 0x20;
  private static final long LIMIT = 16L << 20;
  private static final int O_NONBLOCK = 04000;
  private static final short POLLPRI = 2;

  private final ProcFs proc;
  private final NamespaceProbe probe;
  private final Discovery discovery;
  private final TaskReader tasks;
  private final MemorySegment pollfd = Arena.global().allocate(8, 4);
  private final MemorySegment path = Arena.global().allocate(4097);
  private final MemorySegment how = Arena.global().allocate(24, 8);
  private final int watched;
  private final Map<Known, Set<Held>> byMountNamespace = new HashMap<>();

  MountSearch(
      ProcFs proc, NamespaceProbe probe, Discovery discovery, TaskReader tasks, boolean watch) {
    this.proc = proc;
    this.probe = probe;
    this.discovery = discovery;
    this.tasks = tasks;
    this.watched =
        watch ? proc.open(Libc.AT_FDCWD, ProcFs.name("/proc/self/mountinfo"), Libc.O_RDONLY) : -1;
  }

  /// Whether the monitor's own mounts have changed since this was asked last.
  boolean ownMountsChanged() {
    pollfd.set(JAVA_INT, 0, watched);
    pollfd.set(JAVA_SHORT, 4, POLLPRI);
    pollfd.set(JAVA_SHORT, 6, (short) 0);
    return watched >= 0 && proc.libc.poll(pollfd, 1, 0) > 0;
  }

  /// Reads the monitor's own mounts again.
  void searchOwn() {
    int self = watched < 0 ? -1 : proc.open(Libc.AT_FDCWD, SELF, Libc.O_PATH | Libc.O_DIRECTORY);
    if (self < 0) {
      return;
    }
    int mnt = proc.open(self, MNT, Libc.O_RDONLY);
    if (mnt >= 0) {
      Known own = discovery.discover(mnt);
      if (own != null) {
        read(self, own);
      }
      proc.libc.close(mnt);
    }
    proc.libc.close(self);
  }

  /// Reads the mounts of every mount namespace that one of these processes is in. What was read
  /// before stands where nobody is left to read it through.
  void searchAll(Iterable<Slot> processes) {
    int mnt = NamespaceType.MNT.ordinal();
    Set<Known> read = new HashSet<>();
    for (Slot slot : processes) {
      Known in = slot.place.known[mnt];
      if (in != null && !read.contains(in) && readThrough(slot.pid, in)) {
        read.add(in);
      }
    }
    byMountNamespace.keySet().removeIf(known -> known.gone);
  }

  /// A process shows its mounts until its main thread exits; after that, its other threads do.
  private boolean readThrough(int pid, Known in) {
    int directory = proc.openProcess(pid);
    if (directory < 0) {
      return false;
    }
    boolean[] done = {read(directory, in)};
    if (!done[0]) {
      tasks.forEachThread(directory, pid, (_, thread) -> done[0] = done[0] || read(thread, in));
    }
    proc.libc.close(directory);
    return done[0];
  }

  private boolean read(int taskDirectory, Known mountNamespace) {
    Set<Held> held = new LinkedHashSet<>();
    Map<Long, Known> found = new HashMap<>();
    int result =
        proc.readLines(
            taskDirectory,
            MOUNTINFO,
            LIMIT,
            line ->
                MountInfoLine.parse(line)
                    .ifPresent(mount -> hold(taskDirectory, mount, mountNamespace, found, held)));
    if (result >= 0) {
      byMountNamespace.put(mountNamespace, held);
    }
    return result >= 0;
  }

  /// @param found by inode the namespaces that were reached through this table: no two that live
  ///   have one inode, and 100,000 mounts may be of one
  private void hold(
      int processDirectory, MountInfoLine mount, Known in, Map<Long, Known> found, Set<Held> held) {
    NamespaceName name = mount.name();
    Known reached = found.computeIfAbsent(name.inode(), _ -> identify(processDirectory, mount));
    Known known = reached != null ? reached : discovery.named(name.type(), name.inode());
    if (known != null) {
      byte[] point = mount.mountPoint().getBytes(StandardCharsets.ISO_8859_1);
      String shown = new String(point, StandardCharsets.UTF_8);
      // Where /run/netns is a shared mount, the kernel lists what is mounted in it twice: a set. A
      // user may make 100,000 mounts (`fs.mount-max`).
      held.add(new Held(known, new Holder.Mount(shown, in.namespace.key())));
    }
  }

  /// The namespace that is mounted; null if it can't be reached, because another mount covers it or
  /// it has been unmounted since.
  private Known identify(int processDirectory, MountInfoLine mount) {
    byte[] point = mount.mountPoint().getBytes(StandardCharsets.ISO_8859_1);
    Known known = null;
    int root = proc.open(processDirectory, ROOT, Libc.O_PATH | Libc.O_DIRECTORY);
    if (root >= 0 && point.length < path.byteSize()) {
      MemorySegment.copy(point, 0, path, JAVA_BYTE, 0, point.length);
      path.set(JAVA_BYTE, point.length, (byte) 0);
      how.set(JAVA_LONG, 0, Libc.O_PATH | Libc.O_CLOEXEC);
      how.set(JAVA_LONG, 16, RESOLVE_IN_ROOT | RESOLVE_CACHED);
      int at = proc.libc.openat2(root, path, how);
      if (at >= 0) {
        known = reopen(at, mount.name().inode());
        proc.libc.close(at);
      }
    }
    if (root >= 0) {
      proc.libc.close(root);
    }
    return known;
  }

  /// What lies at a mount point is asked by a path descriptor first: opening a stranger's pipe or
  /// device could block or do harm.
  private Known reopen(int at, long inode) {
    if (probe.inode(at) != inode || (probe.hasKernelIds() && probe.id(at) < 0)) {
      return null;
    }
    path.setString(0, "/proc/self/fd/" + at);
    int fd = proc.open(Libc.AT_FDCWD, path, Libc.O_RDONLY | O_NONBLOCK);
    if (fd < 0) {
      return null;
    }
    try {
      return discovery.discover(fd);
    } finally {
      proc.libc.close(fd);
    }
  }

  /// All that was found.
  Iterable<Set<Held>> found() {
    return byMountNamespace.values();
  }

  @Override
  public void close() {
    if (watched >= 0) {
      proc.libc.close(watched);
    }
  }
}
