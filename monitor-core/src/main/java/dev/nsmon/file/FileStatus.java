package dev.nsmon.file;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.nsmon.libc.Libc;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.Charset;
import java.nio.file.Path;

/// Attributes of a file (`statx(2)`).
///
/// @param mode type and permissions
/// @param links number of hard links; 0 once the file was removed
/// @param device with `inode` identifies the file
record FileStatus(int mode, long links, long device, long inode, long size) {
  private static final int BASIC = 0x7ff;
  private static final int BYTES = 256;

  /// The charset in which the JVM encodes paths.
  private static final Charset PATHS =
      Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));

  /// The status of an open file.
  static FileStatus of(Libc libc, Arena arena, int fd, Path path) throws IOException {
    MemorySegment buffer = arena.allocate(BYTES, 8);
    int result = libc.statx(fd, arena.allocateFrom(""), Libc.AT_EMPTY_PATH, BASIC, buffer);
    if (result < 0) {
      throw FileErrors.of(libc, path, -result);
    }
    return read(buffer);
  }

  /// The status of a path, after following symbolic links; null if it can't be read.
  static FileStatus of(Libc libc, Arena arena, Path path) {
    MemorySegment buffer = arena.allocate(BYTES, 8);
    return libc.statx(Libc.AT_FDCWD, text(arena, path), 0, BASIC, buffer) < 0 ? null : read(buffer);
  }

  /// Encodes a path for a system call.
  static MemorySegment text(Arena arena, Path path) {
    return arena.allocateFrom(path.toString(), PATHS);
  }

  private static FileStatus read(MemorySegment statx) {
    return new FileStatus(
        Short.toUnsignedInt(statx.get(JAVA_SHORT, 28)),
        Integer.toUnsignedLong(statx.get(JAVA_INT, 16)),
        Integer.toUnsignedLong(statx.get(JAVA_INT, 136)) << 32
            | Integer.toUnsignedLong(statx.get(JAVA_INT, 140)),
        statx.get(JAVA_LONG, 32),
        statx.get(JAVA_LONG, 40));
  }

  /// The file type for a message. Must not be called for a regular file.
  String type() {
    return switch (mode >> 12) {
      case 1 -> "a named pipe";
      case 2 -> "a character device";
      case 4 -> "a directory";
      case 6 -> "a block device";
      case 12 -> "a socket";
      default -> "no regular file";
    };
  }

  boolean isRegular() {
    return mode >> 12 == 8;
  }

  boolean isSameFile(FileStatus other) {
    return other != null && inode == other.inode && device == other.device;
  }
}
