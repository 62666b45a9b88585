package dev.nsmon.perf;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.nsmon.libc.Errno;
import dev.nsmon.libc.Libc;
import dev.nsmon.namespace.NamespaceType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Open descriptors of the namespaces that this process is in. They make the kernel's records
/// cheaper.
///
/// For each record the kernel looks up the nsfs inodes of all seven namespaces. It creates the
/// inode of each namespace that no process has open, and this is most of what a record costs the
/// recorded task. With these eight open, a task in the same namespaces pays a fifth. The
/// descriptors keep no namespace alive longer, since this process is in them anyway.
final class OwnNamespaces implements AutoCloseable {
  private static final int TEXT = 48;

  private final Libc libc;
  private final int[] descriptors = new int[NamespaceType.values().length];

  /// Opens the files of `/proc/self/ns`. One that can't be opened is left out; records then cost
  /// more, and nothing else changes.
  OwnNamespaces(Libc libc) {
    this.libc = libc;
    try (Arena arena = Arena.ofConfined()) {
      for (NamespaceType type : NamespaceType.values()) {
        descriptors[type.ordinal()] =
            libc.openat(Libc.AT_FDCWD, path(arena, type), Libc.O_RDONLY | Libc.O_CLOEXEC);
      }
    }
  }

  /// Empty if this process can interpret the records, else the reason why not. In a child pid
  /// namespace the kernel allows watching the whole host, but gives every process of it the pid 0.
  /// Records carry times of the host's clock, from which the clock of a child time namespace may
  /// differ (`time_namespaces(7)`).
  ///
  /// @param pidInode of the host's initial pid namespace
  /// @param timeInode of its initial time namespace; 0 if the kernel has none
  static String obstacle(Libc libc, long pidInode, long timeInode) {
    String pid = name(libc, NamespaceType.PID);
    if (!pid.equals("pid:[" + pidInode + "]")) {
      return pid.startsWith("pid:")
          ? "runs in a child pid namespace, where records name the host's processes as 0"
          : "readlink /proc/self/ns/pid: " + pid;
    }
    String time = name(libc, NamespaceType.TIME);
    return time.startsWith("time:") && !time.equals("time:[" + timeInode + "]")
        ? "runs in a child time namespace, whose clock is not that of the records"
        : "";
  }

  /// The target of the `/proc/self/ns` link, such as `pid:[4026531836]`, or the name of the error.
  private static String name(Libc libc, NamespaceType type) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment text = arena.allocate(TEXT);
      long length = libc.readlinkat(Libc.AT_FDCWD, path(arena, type), text, TEXT);
      return length < 0
          ? Errno.name((int) -length)
          : new String(text.asSlice(0, length).toArray(JAVA_BYTE), US_ASCII);
    }
  }

  private static MemorySegment path(Arena arena, NamespaceType type) {
    return arena.allocateFrom("/proc/self/ns/" + type.kernelName());
  }

  @Override
  public void close() {
    for (int fd : descriptors) {
      if (fd >= 0) {
        libc.close(fd);
      }
    }
  }
}
