package dev.nsmon.perf;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.nsmon.libc.ErrnoException;
import dev.nsmon.libc.Libc;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;

/// A kernel file that lists CPUs, such as `0-3,6` (`cpuset(7)`, "List format"). It stays open,
/// because it is read every second and most of that cost would be opening it. One thread at a time.
final class CpuList implements AutoCloseable {
  private static final int CHUNK = 4096;

  private final Libc libc;
  private final int fd;
  private final MemorySegment buffer = Arena.ofAuto().allocate(CHUNK);
  private byte[] text = new byte[0];
  private BitSet cpus = new BitSet();

  /// @throws IOException if it can't be opened
  CpuList(Libc libc, Path file) throws IOException {
    this.libc = libc;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment path = arena.allocateFrom(file.toString());
      fd = libc.openat(Libc.AT_FDCWD, path, Libc.O_RDONLY | Libc.O_CLOEXEC);
    }
    if (fd < 0) {
      throw new ErrnoException("openat " + file, -fd);
    }
  }

  /// Reads the file and returns the listed CPUs. The set is shared between calls and must not be
  /// changed. It is a new object only if the file's content has changed.
  ///
  /// @throws IOException if the file can't be read or is no such list
  BitSet read() throws IOException {
    libc.rewind(fd);
    long length = libc.read(fd, buffer, CHUNK);
    if (length < 0) {
      throw new ErrnoException("read of the list of CPUs", (int) -length);
    }
    byte[] now = buffer.asSlice(0, length).toArray(JAVA_BYTE);
    if (!Arrays.equals(now, text)) {
      cpus = parse(new String(now, US_ASCII));
      text = now;
    }
    return cpus;
  }

  /// Parses a list such as `0-3,6`.
  ///
  /// @throws IOException if the text is no such list
  static BitSet parse(String text) throws IOException {
    BitSet cpus = new BitSet();
    try {
      for (String range : text.strip().split(",", -1)) {
        int dash = range.indexOf('-');
        int first = Integer.parseInt(dash < 0 ? range : range.substring(0, dash));
        int last = dash < 0 ? first : Integer.parseInt(range.substring(dash + 1));
        cpus.set(first, last + 1);
      }
    } catch (NumberFormatException | IndexOutOfBoundsException e) {
      throw new IOException("not a list of CPUs: " + text.strip(), e);
    }
    return cpus;
  }

  @Override
  public void close() {
    libc.close(fd);
  }
}
