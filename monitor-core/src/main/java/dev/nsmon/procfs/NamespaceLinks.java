package dev.nsmon.procfs;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.nsmon.libc.Errno;
import dev.nsmon.libc.Libc;
import dev.nsmon.namespace.NamespaceLink;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;

/// Reads the ten links in `/proc/PID/ns` (`proc_pid_ns(5)`): the hot path of a look. `readlinkat`
/// is the cheapest call there is for it, because unlike `open` and `stat` it makes no nsfs inode.
final class NamespaceLinks {
  private static final int TEXT = 48;
  private static final ValueLayout.OfLong EIGHT =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final Libc libc;
  private final MemorySegment[] paths = new MemorySegment[NamespaceLink.COUNT];
  private final MemorySegment text = Arena.global().allocate(TEXT, 8);

  /// Of the last task read: inode by link; below zero a negated error number; 0 for a link that
  /// this kernel does not have.
  final long[] inodes = new long[NamespaceLink.COUNT];

  /// Where the digits begin in the text of each link.
  private final int[] starts = new int[NamespaceLink.COUNT];

  private final boolean[] supported = new boolean[NamespaceLink.COUNT];

  NamespaceLinks(ProcFs proc) {
    libc = proc.libc;
    int self = proc.open(Libc.AT_FDCWD, ProcFs.name("/proc/self/ns"), Libc.O_PATH);
    for (int link = 0; link < NamespaceLink.COUNT; link++) {
      starts[link] = NamespaceLink.at(link).type().kernelName().length() + 2;
      paths[link] = ProcFs.name(NamespaceLink.at(link).fileName());
      supported[link] = self < 0 || libc.readlinkat(self, paths[link], text, TEXT) > 0;
    }
    libc.close(self);
  }

  /// Path of the link, relative to the `ns` directory of a process or thread.
  MemorySegment path(int link) {
    return paths[link];
  }

  /// Reads all links of the task whose `ns` directory this is: 0, or the first error among the
  /// eight that name memberships. A refusal ends the reading, since it is of all or none.
  long read(int taskDirectory) {
    long error = 0;
    for (int link = 0; link < NamespaceLink.COUNT; link++) {
      if (!supported[link]) {
        inodes[link] = 0;
        continue;
      }
      long length = libc.readlinkat(taskDirectory, paths[link], text, TEXT);
      inodes[link] = length < 0 ? length : inode(starts[link], length - 1);
      if (length < 0 && link < NamespaceLink.MEMBERSHIPS) {
        error = error == 0 ? length : error;
        if (Errno.isDenied(length)) {
          Arrays.fill(inodes, link, NamespaceLink.COUNT, length);
          return error;
        }
      }
    }
    return error;
  }

  /// The digits between the brackets of `net:[4026532177]`. Most inodes have ten: eight of them are
  /// taken at once, as four pairs, then two fours, then the eight, each step within one long.
  private long inode(int start, long end) {
    if (end - start != 10) {
      return anyInode(start, end);
    }
    long eight = text.get(EIGHT, start + 2L) - 0x3030303030303030L;
    eight = (eight * 10 + (eight >>> 8)) & 0x00FF00FF00FF00FFL;
    eight = (eight * 100 + (eight >>> 16)) & 0x0000FFFF0000FFFFL;
    eight = (eight * 10_000 + (eight >>> 32)) & 0xFFFFFFFFL;
    int first = text.get(JAVA_BYTE, start) - '0';
    int second = text.get(JAVA_BYTE, start + 1L) - '0';
    return (first * 10L + second) * 100_000_000 + eight;
  }

  private long anyInode(int start, long end) {
    long value = 0;
    for (long at = start; at < end; at++) {
      value = value * 10 + text.get(JAVA_BYTE, at) - '0';
    }
    return value;
  }
}
