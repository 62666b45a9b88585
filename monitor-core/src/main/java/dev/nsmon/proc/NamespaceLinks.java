package dev.nsmon.proc;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.nsmon.libc.Errno;
import dev.nsmon.libc.KernelCalls;
import dev.nsmon.libc.Libc;
import dev.nsmon.namespace.NamespaceLink;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// Reads the ten links in `/proc/PID/ns` (`proc_pid_ns(5)`): the hot path of a look. `readlinkat`
/// is the cheapest call there is for it, because unlike `open` and `stat` it makes no nsfs inode.
public final class NamespaceLinks {
  private static final int TEXT = 48;

  private final KernelCalls libc;
  private final MemorySegment[] paths = new MemorySegment[NamespaceLink.COUNT];
  private final MemorySegment allTexts = Arena.global().allocate((long) NamespaceLink.COUNT * TEXT);
  private final MemorySegment[] texts = new MemorySegment[NamespaceLink.COUNT];
  private final byte[] bytes = new byte[NamespaceLink.COUNT * TEXT];

  private final long[] inodes = new long[NamespaceLink.COUNT];

  /// Where the digits begin in the text of each link.
  private final int[] starts = new int[NamespaceLink.COUNT];

  private final boolean[] supported = new boolean[NamespaceLink.COUNT];

  NamespaceLinks(ProcFs proc) {
    libc = proc.libc();
    int self = proc.open(Libc.AT_FDCWD, ProcFs.name("/proc/self/ns"), Libc.O_PATH);
    for (int link = 0; link < NamespaceLink.COUNT; link++) {
      texts[link] = allTexts.asSlice((long) link * TEXT, TEXT);
      starts[link] = NamespaceLink.at(link).type().kernelName().length() + 2;
      paths[link] = ProcFs.name(NamespaceLink.at(link).fileName());
      supported[link] = self < 0 || libc.readlinkat(self, paths[link], texts[link], TEXT) > 0;
    }
    libc.close(self);
  }

  /// Path of the link, relative to the `ns` directory of a process or thread.
  public MemorySegment path(int link) {
    return paths[link];
  }

  /// Of the last task read: inode by link; below zero a negated error number; 0 for a link that
  /// this kernel does not have. The next reading overwrites it.
  public long[] inodes() {
    return inodes;
  }

  /// Reads all links of the task whose `ns` directory this is: 0, or the first error among the
  /// eight that name memberships. A refusal ends the reading, since it is of all or none.
  public long read(int taskDirectory) {
    long error = 0;
    for (int link = 0; link < NamespaceLink.COUNT; link++) {
      if (!supported[link]) {
        inodes[link] = 0;
        continue;
      }
      long length = libc.readlinkat(taskDirectory, paths[link], texts[link], TEXT);
      inodes[link] = length;
      if (length < 0 && link < NamespaceLink.MEMBERSHIPS) {
        error = error == 0 ? length : error;
        if (Errno.isDenied(length)) {
          Arrays.fill(inodes, link, NamespaceLink.COUNT, length);
          return error;
        }
      }
    }
    // All texts in one copy: while the JVM is not warm yet, each access to native memory costs as
    // much as a system call.
    MemorySegment.copy(allTexts, JAVA_BYTE, 0, bytes, 0, bytes.length);
    for (int link = 0; link < NamespaceLink.COUNT; link++) {
      if (inodes[link] > 0) {
        inodes[link] = inode(link, (int) inodes[link]);
      }
    }
    return error;
  }

  /// The digits between the brackets of `net:[4026532177]`.
  private long inode(int link, int length) {
    int end = link * TEXT + length - 1;
    long value = 0;
    for (int at = link * TEXT + starts[link]; at < end; at++) {
      value = value * 10 + bytes[at] - '0';
    }
    return value;
  }
}
