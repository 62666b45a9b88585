package dev.nsmon.proc;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.nsmon.libc.Errno;
import dev.nsmon.libc.ErrnoException;
import dev.nsmon.libc.KernelCalls;
import dev.nsmon.libc.Libc;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/// A mounted proc file system (`proc(5)`) and the buffers to read it with.
///
/// A process is read relative to a descriptor of its `ns` directory, so that what was read belongs
/// to one process even where its pid is handed out again midway. Results below zero are negated
/// error numbers. One thread only.
public final class ProcFs implements AutoCloseable {
  private static final int STATX_NLINK = 0x4;
  private static final int STATX_UID = 0x8;
  private static final int STATX_INO = 0x100;
  private static final MemorySegment HERE = name(".");
  private static final byte[] NS = suffix("/ns");
  private static final byte[] FD = suffix("/fd");
  private static final byte[] TASK = suffix("/task");
  private static final byte[] END = suffix("");
  private static final int CHUNK = 64 * 1024;

  /// Where it is mounted on every host.
  public static final String MOUNT_POINT = "/proc";

  /// A tick of `/proc/PID/stat`.
  public static final long TICK_NANOS = 10_000_000;

  private final KernelCalls libc;
  private final int root;
  private final MemorySegment path = Arena.global().allocate(32);
  private final byte[] pathBytes = new byte[32];
  private final MemorySegment empty = name("");
  private final MemorySegment io = Arena.global().allocate(CHUNK, 8);
  private final MemorySegment statx = Arena.global().allocate(256, 8);
  private final MemorySegment timespec = Arena.global().allocate(16, 8);
  private final AtomicInteger asked;
  private byte[] content = new byte[4096];

  public ProcFs(String mountPoint, KernelCalls libc) throws IOException {
    this(mountPoint, libc, new AtomicInteger());
  }

  /// @param asked receives the pid of each process before it is opened. If the reader blocks, it
  ///   blocks on that process
  public ProcFs(String mountPoint, KernelCalls libc, AtomicInteger asked) throws IOException {
    this.libc = libc;
    this.asked = asked;
    root =
        libc.openat(
            Libc.AT_FDCWD, name(mountPoint), Libc.O_PATH | Libc.O_DIRECTORY | Libc.O_CLOEXEC);
    if (root < 0) {
      throw new ErrnoException("openat " + mountPoint, -root);
    }
  }

  /// The calls that it is read with.
  public KernelCalls libc() {
    return libc;
  }

  private static byte[] suffix(String text) {
    return (text + '\0').getBytes(StandardCharsets.US_ASCII);
  }

  /// A path as the kernel takes it, kept for ever.
  public static MemorySegment name(String path) {
    return Arena.global().allocateFrom(path);
  }

  /// A descriptor of `/proc`, to be read from its beginning.
  public int openList() {
    return libc.openat(root, HERE, Libc.O_RDONLY | Libc.O_DIRECTORY | Libc.O_CLOEXEC);
  }

  /// A path descriptor of `/proc/PID/ns`. What else is read of the process is named from there
  /// (`../stat`): the links are read of thousands, all else of a few.
  public int openProcess(int pid) {
    asked.setOpaque(pid);
    return openTask(root, pid);
  }

  /// The same of the process or thread that has this number as its name in a directory.
  int openTask(int dirfd, int number) {
    return libc.openat(dirfd, entry(number, NS), Libc.O_PATH | Libc.O_DIRECTORY | Libc.O_CLOEXEC);
  }

  /// A path descriptor of `/proc/PID/task/TID/ns`.
  public int openThread(int pid, int tid) {
    asked.setOpaque(pid);
    int list = libc.openat(root, entry(pid, TASK), Libc.O_PATH | Libc.O_DIRECTORY | Libc.O_CLOEXEC);
    if (list < 0) {
      return list;
    }
    int directory = openTask(list, tid);
    libc.close(list);
    return directory;
  }

  /// A descriptor of `/proc/PID/fd`, to be listed.
  int openDescriptors(int pid) {
    asked.setOpaque(pid);
    return libc.openat(root, entry(pid, FD), Libc.O_RDONLY | Libc.O_DIRECTORY | Libc.O_CLOEXEC);
  }

  /// Whether the process has more threads than its main one: `/proc/PID/task` has a link for each,
  /// and two.
  boolean hasThreads(int pid) {
    return hasThreads(root, entry(pid, TASK));
  }

  /// The same of the `task` directory at this path.
  boolean hasThreads(int dirfd, MemorySegment task) {
    return links(dirfd, task) > 3;
  }

  /// A descriptor of the entry that has this number as its name.
  public int openNumber(int dirfd, int number, int flags) {
    return libc.openat(dirfd, number(number), flags);
  }

  /// The number as a path, valid until the next one.
  MemorySegment number(int value) {
    return entry(value, END);
  }

  /// A number and what follows it as a path. It is put together in an array: while the JVM is not
  /// warm yet, each access to native memory costs as much as a system call.
  private MemorySegment entry(int number, byte[] rest) {
    int digits = 1;
    for (int left = number; left >= 10; left /= 10) {
      digits++;
    }
    for (int left = number, at = digits - 1; at >= 0; left /= 10, at--) {
      pathBytes[at] = (byte) ('0' + left % 10);
    }
    System.arraycopy(rest, 0, pathBytes, digits, rest.length);
    MemorySegment.copy(pathBytes, 0, path, JAVA_BYTE, 0, digits + rest.length);
    return path;
  }

  public int open(int dirfd, MemorySegment path, int flags) {
    return libc.openat(dirfd, path, flags | Libc.O_CLOEXEC);
  }

  /// Reads a small file whole: its length, with the bytes in [#content()].
  int read(int dirfd, MemorySegment path) {
    int fd = open(dirfd, path, Libc.O_RDONLY);
    if (fd < 0) {
      return fd;
    }
    try {
      int length = 0;
      while (true) {
        long n = libc.read(fd, io, CHUNK);
        if (n == -Errno.EINTR) {
          continue;
        }
        if (n < 0) {
          return (int) n;
        }
        if (n == 0) {
          return length;
        }
        if (length + n > content.length) {
          content = Arrays.copyOf(content, (int) Math.max(length + n, content.length * 2L));
        }
        MemorySegment.copy(io, JAVA_BYTE, 0, content, length, (int) n);
        length += (int) n;
      }
    } finally {
      libc.close(fd);
    }
  }

  /// Reads at most so many bytes from the beginning of a file.
  int readHead(int dirfd, MemorySegment path, int limit) {
    int fd = open(dirfd, path, Libc.O_RDONLY);
    if (fd < 0) {
      return fd;
    }
    int n = (int) libc.read(fd, io, Math.min(limit, CHUNK));
    libc.close(fd);
    return n > 0 ? keep(n) : n;
  }

  /// Passes the lines of a file to `lines`, without their ends, until it has passed `limit` bytes.
  ///
  /// @return 0, 1 if there may be more lines, or a negated error number
  public int readLines(int dirfd, MemorySegment path, long limit, Consumer<byte[]> lines) {
    int fd = open(dirfd, path, Libc.O_RDONLY);
    if (fd < 0) {
      return fd;
    }
    try {
      byte[] rest = new byte[0];
      for (long total = 0; total < limit; ) {
        long n = libc.read(fd, io, CHUNK);
        if (n <= 0) {
          return (int) n;
        }
        total += n;
        byte[] block = Arrays.copyOf(rest, rest.length + (int) n);
        MemorySegment.copy(io, JAVA_BYTE, 0, block, rest.length, (int) n);
        int start = 0;
        for (int i = rest.length; i < block.length; i++) {
          if (block[i] == '\n') {
            lines.accept(Arrays.copyOfRange(block, start, i));
            start = i + 1;
          }
        }
        rest = Arrays.copyOfRange(block, start, block.length);
      }
      return 1;
    } finally {
      libc.close(fd);
    }
  }

  /// Reads a link: the length of its text, with the bytes in [#content()].
  public int readLink(int dirfd, MemorySegment path) {
    int n = (int) libc.readlinkat(dirfd, path, io, 4096);
    return n > 0 ? keep(n) : n;
  }

  private int keep(int length) {
    if (length > content.length) {
      content = new byte[length];
    }
    MemorySegment.copy(io, JAVA_BYTE, 0, content, 0, length);
    return length;
  }

  /// What the last read brought; valid until the next one.
  public byte[] content() {
    return content;
  }

  /// Inode number of an open file; 0 if it can't be told. A file system that would have to ask its
  /// server answers from memory.
  long inodeOf(int fd) {
    return stat(fd) ? statx.get(JAVA_LONG, 32) : 0;
  }

  /// Device number of the file system of an open file; -1 if it can't be told. No file system is
  /// asked: the kernel knows it.
  long deviceOf(int fd) {
    return stat(fd) ? statx.get(JAVA_LONG, 136) : -1;
  }

  private boolean stat(int fd) {
    return libc.statx(fd, empty, Libc.AT_EMPTY_PATH | Libc.AT_STATX_DONT_SYNC, STATX_INO, statx)
        == 0;
  }

  /// Number of hard links, which for `/proc/PID/task` is the number of threads and two.
  private int links(int dirfd, MemorySegment path) {
    int result = libc.statx(dirfd, path, 0, STATX_NLINK, statx);
    return result < 0 ? result : statx.get(JAVA_INT, 16);
  }

  /// Uid that owns `/proc/PID`; -1 if it can't be told.
  int owner(int pid) {
    int result = libc.statx(root, number(pid), 0, STATX_UID, statx);
    return result < 0 ? -1 : statx.get(JAVA_INT, 20);
  }

  /// CPU time that all threads of the process have used, in nanoseconds.
  public long cpuNanos(int pid) {
    return libc.clockNanos(Libc.processCpuClock(pid), timespec);
  }

  /// CPU time that the calling thread has used, in nanoseconds.
  public long threadCpuNanos() {
    return libc.clockNanos(Libc.CLOCK_THREAD_CPUTIME_ID, timespec);
  }

  /// Time since boot in nanoseconds.
  public long bootNanos() {
    return libc.clockNanos(Libc.CLOCK_BOOTTIME, timespec);
  }

  /// Time since boot in the ticks that `/proc/PID/stat` counts in.
  public long bootTicks() {
    return bootNanos() / TICK_NANOS;
  }

  @Override
  public void close() {
    libc.close(root);
  }
}
