package dev.nsmon.file;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.nsmon.libc.Errno;
import dev.nsmon.libc.Libc;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A file that is appended to; it may also be a pipe, a terminal or a socket.
///
/// A regular file is locked (`flock(2)`) until it is closed, so that lines of two processes can't
/// mix. Writes go to its current end, so another process may truncate it. Opening never blocks.
/// Writing blocks while the reader of a pipe is slow; an interrupt ends that.
///
/// Used by one thread at a time.
public final class OutputFile implements AutoCloseable {
  private static final int MODE = 0640;
  private static final short POLLOUT = 4;
  private static final int POLL_MILLIS = 100;
  private static final int BUFFER = 64 * 1024;

  /// The size of a write that a pipe accepts without blocking if `poll(2)` reports it writable
  /// (`pipe(7)`, PIPE_BUF).
  private static final int PIPE_PART = 4096;

  /// Paths that name an open descriptor of this process.
  private static final Pattern DESCRIPTOR =
      Pattern.compile("/dev/(?:(stdout)|(stderr)|fd/(\\d{1,9}))|/proc/self/fd/(\\d{1,9})");

  private final Path path;
  private final Arena arena = Arena.ofAuto();
  private final Libc libc = new Libc(arena);
  private final MemorySegment buffer = arena.allocate(BUFFER);
  private final MemorySegment poll = arena.allocate(8, 4);
  private final boolean regular;

  /// True if [#fd] duplicates a descriptor of this process. It then shares flags that lack
  /// O_NONBLOCK, so a write may block although `poll(2)` reports it writable. Set on opening only.
  private boolean borrowed;

  private int fd;

  private OutputFile(Path path) throws IOException {
    this.path = path;
    this.fd = open();
    try {
      regular = status().isRegular();
      if (regular) {
        lock();
      }
    } catch (IOException e) {
      libc.close(fd);
      throw e;
    }
  }

  /// Opens the file or creates it, with mode `rw-r-----`.
  ///
  /// @throws IOException with a message of one line: as those of [InputFile], or that another
  ///   process has locked the file, and which
  public static OutputFile open(Path path) throws IOException {
    return new OutputFile(path);
  }

  private int open() throws IOException {
    int flags =
        Libc.O_WRONLY
            | Libc.O_APPEND
            | Libc.O_CREAT
            | Libc.O_NONBLOCK
            | Libc.O_NOCTTY
            | Libc.O_CLOEXEC;
    int opened = libc.openat(Libc.AT_FDCWD, FileStatus.text(arena, path), flags, MODE);
    if (opened == -Errno.ENXIO) {
      // A socket can't be opened by path. stdout is one under a service manager.
      Matcher matcher = DESCRIPTOR.matcher(path.toString());
      if (matcher.matches()) {
        borrowed = true;
        opened = libc.duplicate(descriptor(matcher));
      }
    }
    if (opened < 0) {
      throw FileErrors.of(libc, path, -opened);
    }
    return opened;
  }

  private static int descriptor(Matcher matcher) {
    if (matcher.group(1) != null) {
      return 1;
    }
    if (matcher.group(2) != null) {
      return 2;
    }
    return Integer.parseInt(matcher.group(3) != null ? matcher.group(3) : matcher.group(4));
  }

  private void lock() throws IOException {
    int result = libc.flockExclusive(fd);
    if (result == -Errno.EAGAIN) {
      throw FileErrors.because(
          path, "is in use by another process" + LockHolder.of(status().inode()));
    }
    // Other errors mean that the file system has no locks; the file is used unlocked.
  }

  private FileStatus status() throws IOException {
    try (Arena short_ = Arena.ofConfined()) {
      return FileStatus.of(libc, short_, fd, path);
    }
  }

  /// True if it is a regular file, which has a size and can be renamed.
  public boolean isRegular() {
    return regular;
  }

  /// True if the path still leads to this file, which was neither renamed nor removed nor replaced.
  public boolean isInPlace() throws IOException {
    try (Arena short_ = Arena.ofConfined()) {
      return status().isSameFile(FileStatus.of(libc, short_, path));
    }
  }

  /// True if the file still has a name. False means that it was removed and its content can't be
  /// found.
  public boolean hasName() throws IOException {
    return status().links() > 0;
  }

  public long size() throws IOException {
    return status().size();
  }

  /// Appends these bytes; blocks until all are written.
  ///
  /// @throws InterruptedIOException if the thread is interrupted while the reader accepts none
  public void write(byte[] bytes) throws IOException {
    int offset = 0;
    while (offset < bytes.length) {
      if (borrowed) {
        awaitRoom();
      }
      int part = Math.min(bytes.length - offset, borrowed ? PIPE_PART : BUFFER);
      MemorySegment.copy(bytes, offset, buffer, JAVA_BYTE, 0, part);
      long count = libc.write(fd, buffer, part);
      if (count == -Errno.EAGAIN) {
        awaitRoom();
      } else if (count < 0 && count != -Errno.EINTR) {
        throw FileErrors.of(libc, path, (int) -count);
      }
      offset += (int) Math.max(0, count);
    }
  }

  private void awaitRoom() throws InterruptedIOException {
    int ready;
    do {
      if (Thread.interrupted()) {
        throw new InterruptedIOException("interrupted");
      }
      poll.set(JAVA_INT, 0, fd);
      poll.set(JAVA_SHORT, 4, POLLOUT);
      ready = libc.poll(poll, 1, POLL_MILLIS);
    } while (ready == 0 || ready == -Errno.EINTR);
  }

  /// Blocks until all written data is on the disk (`fdatasync(2)`).
  public void sync() throws IOException {
    int result = libc.fdatasync(fd);
    if (result < 0) {
      throw FileErrors.of(libc, path, -result);
    }
  }

  /// Truncates the file to this size, if it is larger.
  public void truncate(long size) throws IOException {
    if (size() > size) {
      int result = libc.ftruncate(fd, size);
      if (result < 0) {
        throw FileErrors.of(libc, path, -result);
      }
    }
  }

  /// Returns up to this many of its last bytes; empty if the file can't be opened for reading.
  public byte[] tail(int most) throws IOException {
    Path self = Path.of("/proc/self/fd/" + fd);
    int reading =
        libc.openat(Libc.AT_FDCWD, FileStatus.text(arena, self), Libc.O_RDONLY | Libc.O_CLOEXEC);
    if (reading < 0) {
      return new byte[0];
    }
    try {
      byte[] tail = new byte[(int) Math.min(most, size())];
      long from = size() - tail.length;
      int length = 0;
      while (length < tail.length) {
        long count =
            libc.pread(reading, buffer, Math.min(BUFFER, tail.length - length), from + length);
        if (count <= 0) {
          return java.util.Arrays.copyOf(tail, length);
        }
        MemorySegment.copy(buffer, JAVA_BYTE, 0, tail, length, (int) count);
        length += (int) count;
      }
      return tail;
    } finally {
      libc.close(reading);
    }
  }

  @Override
  public void close() {
    if (fd >= 0) {
      libc.close(fd);
      fd = -1;
    }
  }
}
