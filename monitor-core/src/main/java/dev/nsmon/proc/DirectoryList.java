package dev.nsmon.proc;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.nsmon.libc.ErrnoException;
import dev.nsmon.libc.KernelCalls;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// The entries of a proc directory whose names are numbers (processes, threads, descriptors), each
/// with the inode of its entry, in ascending order. Reused from look to look.
///
/// The inode of `/proc/PID` is made anew for every process that gets the pid, and comes with the
/// listing at no cost: while it stays the same, so does the process. It can change without the
/// process changing, when the kernel has dropped the entry from its cache.
///
/// Record layout (`getdents64(2)`), little-endian as all that this runs on: inode u64, offset s64,
/// length u16, type u8, name.
public final class DirectoryList {
  private static final int BUFFER = 64 * 1024;
  private static final int NAME = 19;

  private final KernelCalls libc;
  private final MemorySegment buffer = Arena.global().allocate(BUFFER, 8);
  private final byte[] bytes = new byte[BUFFER];
  private int[] numbers = new int[256];
  private long[] inodes = new long[256];
  private int count;

  public DirectoryList(KernelCalls libc) {
    this.libc = libc;
  }

  /// Lists a directory that is open for reading, from its beginning: 0, or a negated error number.
  int list(int fd) {
    return list(fd, () -> {});
  }

  /// The same of one that may be long.
  ///
  /// @param pause called after some 2,000 entries each: a directory may have half a million
  int list(int fd, Runnable pause) {
    count = 0;
    boolean sorted = true;
    while (true) {
      pause.run();
      long n = libc.getdents64(fd, buffer, BUFFER);
      if (n <= 0) {
        if (!sorted) {
          sort();
        }
        return (int) n;
      }
      MemorySegment.copy(buffer, JAVA_BYTE, 0, bytes, 0, (int) n);
      for (int at = 0; at < n; at += length(at)) {
        int number = parse(at + NAME);
        if (number >= 0) {
          sorted &= count == 0 || numbers[count - 1] < number;
          add(number, inodeAt(at));
        }
      }
    }
  }

  /// Lists it, failing on any error.
  public void list(int fd, String name) throws IOException {
    long rewound = libc.rewind(fd);
    int result = rewound < 0 ? (int) rewound : list(fd);
    if (result < 0) {
      throw new ErrnoException("getdents64 " + name, -result);
    }
  }

  private int length(int at) {
    return (bytes[at + 16] & 0xff) | (bytes[at + 17] & 0xff) << 8;
  }

  private long inodeAt(int at) {
    long inode = 0;
    for (int i = 7; i >= 0; i--) {
      inode = inode << 8 | (bytes[at + i] & 0xff);
    }
    return inode;
  }

  private int parse(int name) {
    int value = 0;
    int at = name;
    for (int c = bytes[at]; c != 0; c = bytes[++at]) {
      if (c < '0' || c > '9') {
        return -1;
      }
      value = value * 10 + c - '0';
    }
    return value;
  }

  private void add(int number, long inode) {
    if (count == numbers.length) {
      numbers = Arrays.copyOf(numbers, count * 2);
      inodes = Arrays.copyOf(inodes, count * 2);
    }
    numbers[count] = number;
    inodes[count++] = inode;
  }

  /// A proc file system lists in ascending order by itself; any other need not.
  private void sort() {
    Integer[] order = new Integer[count];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, (a, b) -> Integer.compare(numbers[a], numbers[b]));
    int[] sortedNumbers = new int[count];
    long[] sortedInodes = new long[count];
    for (int i = 0; i < count; i++) {
      sortedNumbers[i] = numbers[order[i]];
      sortedInodes[i] = inodes[order[i]];
    }
    numbers = sortedNumbers;
    inodes = sortedInodes;
  }

  /// Forgets what was listed.
  void clear() {
    count = 0;
  }

  public int size() {
    return count;
  }

  public int number(int index) {
    return numbers[index];
  }

  public long inode(int index) {
    return inodes[index];
  }
}
