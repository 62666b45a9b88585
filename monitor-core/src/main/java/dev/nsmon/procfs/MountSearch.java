package dev.nsmon.procfs;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.nsmon.libc.Errno;
import dev.nsmon.libc.Libc;
import dev.nsmon.namespace.Holder;
import dev.nsmon.namespace.NamespaceLink;
import dev.nsmon.proc.MountInfoLine;
import dev.nsmon.proc.NamespaceLinks;
import dev.nsmon.proc.NamespaceName;
import dev.nsmon.proc.NamespaceProbe;
import dev.nsmon.proc.ProcFs;
import dev.nsmon.procfs.Slot.Held;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
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
  private static final int MNT_LINK = NamespaceLink.MNT.ordinal();
  private static final MemorySegment SELF = ProcFs.name("/proc/self/ns");
  private static final MemorySegment ROOT = ProcFs.name("../root");

  /// From `linux/openat2.h`: `/` is the process's root, and nothing is waited for. The way to a
  /// mount point is pinned in memory, while a stranger's file system may never answer.
  private static final long RESOLVE_IN_ROOT = 0x10;

  private static final long RESOLVE_CACHED = 0x20;

  /// Memory for the mounts of all tables but the monitor's own, and of one table, in bytes. A user
  /// may make 100,000 mounts in each mount namespace (`fs.mount-max`), with 4,096 bytes each.
  private static final long MOST_BYTES = 32L << 20;

  private static final long MOST_TABLE_BYTES = 4L << 20;

  /// So much of a table is read, in bytes: it takes the kernel half a second.
  private static final long MOST_READ = 64L << 20;

  /// What a mount takes besides its mount point.
  private static final long MOUNT_BYTES = 200;

  private static final short POLLPRI = 2;

  private final ProcFs proc;
  private final NamespaceProbe probe;
  private final Discovery discovery;
  private final MemorySegment pollfd = Arena.global().allocate(8, 4);
  private final MemorySegment path = Arena.global().allocate(4097);
  private final MemorySegment how = Arena.global().allocate(24, 8);
  private final int watched;
  private final Map<Known, Table> byMountNamespace = new HashMap<>();

  /// Whether the last search was refused no table, and failed at none.
  private boolean complete = true;

  /// What the mounts of one mount namespace hold.
  ///
  /// @param bytes how much room their mount points take
  /// @param whole whether that are all
  private record Table(List<Held> held, long bytes, boolean whole) {}

  MountSearch(ProcFs proc, NamespaceProbe probe, Discovery discovery, boolean watch) {
    this.proc = proc;
    this.probe = probe;
    this.discovery = discovery;
    this.watched =
        watch ? proc.open(Libc.AT_FDCWD, ProcFs.name("/proc/self/mountinfo"), Libc.O_RDONLY) : -1;
  }

  /// Whether the monitor's own mounts have changed since this was asked last.
  boolean ownMountsChanged() {
    pollfd.set(JAVA_INT, 0, watched);
    pollfd.set(JAVA_SHORT, 4, POLLPRI);
    pollfd.set(JAVA_SHORT, 6, (short) 0);
    return watched >= 0 && proc.libc().poll(pollfd, 1, 0) > 0;
  }

  /// Reads the monitor's own mounts again, at once.
  void searchOwn() {
    int self = watched < 0 ? -1 : proc.open(Libc.AT_FDCWD, SELF, Libc.O_PATH | Libc.O_DIRECTORY);
    if (self < 0) {
      return;
    }
    int mnt = proc.open(self, MNT, Libc.O_RDONLY);
    if (mnt >= 0) {
      Known own = discovery.discover(mnt);
      Lines lines = new Lines(MOST_TABLE_BYTES);
      if (own != null && lines.read(proc, self) >= 0) {
        hold(self, lines, own, () -> {});
      }
      proc.libc().close(mnt);
    }
    proc.libc().close(self);
  }

  /// Reads the mounts of every mount namespace that one of these processes is in. What was read
  /// before stands where nobody is left to read it through.
  ///
  /// @param slots the processes of now: those of before may end while this pauses
  void searchAll(List<Slot> processes, Slots slots, SearchReader reader) {
    Set<Known> read = new HashSet<>();
    complete = true;
    for (Slot slot : processes) {
      Known in = slot.place.known[MNT_LINK];
      if (in != null
          && !read.contains(in)
          && slots.find(slot.pid) == slot
          && readThrough(slot.pid, in, reader)) {
        read.add(in);
      }
      reader.pause();
    }
    byMountNamespace.keySet().removeIf(known -> known.gone);
  }

  /// A process shows its mounts until its main thread exits; after that, its other threads do.
  private boolean readThrough(int pid, Known in, SearchReader reader) {
    int directory = reader.proc.openProcess(pid);
    if (directory < 0) {
      complete &= Errno.isGone(directory);
      return false;
    }
    try {
      boolean[] done = {readTable(directory, in, reader)};
      if (!done[0]) {
        int result =
            reader.tasks.forEachThread(
                directory, pid, (_, thread) -> done[0] = done[0] || readTable(thread, in, reader));
        complete &= result >= 0 || Errno.isGone(result);
      }
      return done[0];
    } finally {
      reader.proc.libc().close(directory);
    }
  }

  /// The kernel needs a tenth of a second for 100,000 mounts, and holds their namespace meanwhile:
  /// they are read in one go while the monitor goes on.
  private boolean readTable(int taskDirectory, Known in, SearchReader reader) {
    NamespaceLinks links = reader.tasks.links();
    if (!isIn(taskDirectory, in, links)) {
      return false;
    }
    Lines lines = new Lines(bytesLeft(in));
    int[] result = {0};
    reader.away(() -> result[0] = lines.read(reader.proc, taskDirectory));
    // EINVAL: its main thread has exited.
    complete &= result[0] >= 0 || Errno.isGone(result[0]) || result[0] == -Errno.EINVAL;
    boolean done = result[0] >= 0 && isIn(taskDirectory, in, links);
    if (done) {
      hold(taskDirectory, lines, in, reader::pause);
    }
    return done;
  }

  /// Whether the task is in this mount namespace now.
  private boolean isIn(int taskDirectory, Known in, NamespaceLinks links) {
    long error = links.read(taskDirectory);
    complete &= error == 0 || Errno.isGone(error);
    return error == 0 && links.inodes()[MNT_LINK] == in.namespace.inode();
  }

  /// Memory for the table of this mount namespace. That of the initial one depends on no other: the
  /// users of this host can make no mount there.
  private long bytesLeft(Known in) {
    long bytes = 0;
    for (Map.Entry<Known, Table> one : byMountNamespace.entrySet()) {
      boolean counts = one.getKey() != in && !one.getKey().namespace.initial();
      bytes += counts ? one.getValue().bytes() : 0;
    }
    return in.namespace.initial()
        ? MOST_TABLE_BYTES
        : Math.min(MOST_BYTES - bytes, MOST_TABLE_BYTES);
  }

  /// The mounts of namespaces in one table, or as many of them as there is room for.
  private static final class Lines {
    private final List<MountInfoLine> mounts = new ArrayList<>();
    private final Map<NamespaceName, Integer> counts = new HashMap<>();
    private final long most;
    private long bytes;
    private boolean whole = true;

    Lines(long most) {
      this.most = most;
    }

    int read(ProcFs with, int taskDirectory) {
      int result =
          with.readLines(
              taskDirectory,
              MOUNTINFO,
              MOST_READ,
              line -> MountInfoLine.parse(line, this::isWanted).ifPresent(this::keep));
      whole &= result == 0;
      return result;
    }

    /// Where /run/netns is a shared mount, the kernel lists what is mounted in it twice.
    private boolean isWanted(NamespaceName name) {
      return counts.merge(name, 1, Integer::sum) <= 2 * Holdings.MOST;
    }

    private void keep(MountInfoLine one) {
      long size = MOUNT_BYTES + one.mountPoint().length();
      boolean fits = bytes + size <= most;
      whole &= fits;
      if (fits) {
        bytes += size;
        mounts.add(one);
      }
    }
  }

  /// @param pause called before each mount
  private void hold(int processDirectory, Lines lines, Known in, Runnable pause) {
    Holdings held = new Holdings();
    // By inode: no two that live have one, and many mounts may be of one.
    Map<Long, Known> found = new HashMap<>();
    for (MountInfoLine mount : lines.mounts) {
      pause.run();
      NamespaceName name = mount.name();
      Known reached = found.computeIfAbsent(name.inode(), _ -> identify(processDirectory, mount));
      Known known = reached != null ? reached : discovery.named(name.type(), name.inode());
      if (known != null) {
        byte[] point = mount.mountPoint().getBytes(StandardCharsets.ISO_8859_1);
        String shown = new String(point, StandardCharsets.UTF_8);
        held.add(known, new Holder.Mount(shown, in.namespace.key()));
      }
    }
    byMountNamespace.put(in, new Table(held.list(), lines.bytes, lines.whole));
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
      int at = proc.libc().openat2(root, path, how);
      if (at >= 0) {
        known =
            probe.inode(at) == mount.name().inode() ? discovery.reached(at, mount.name()) : null;
        proc.libc().close(at);
      }
    }
    if (root >= 0) {
      proc.libc().close(root);
    }
    return known;
  }

  /// All that was found.
  Iterable<List<Held>> found() {
    return byMountNamespace.values().stream().map(Table::held).toList();
  }

  /// Whether that is all there is.
  boolean isComplete() {
    return complete && byMountNamespace.values().stream().allMatch(Table::whole);
  }

  @Override
  public void close() {
    if (watched >= 0) {
      proc.libc().close(watched);
    }
  }
}
