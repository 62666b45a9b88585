package dev.nsmon.file;

import dev.nsmon.libc.Errno;
import dev.nsmon.libc.Libc;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.file.Path;

/// A file that an operator names and that is read as a whole: a configuration, token, certificate,
/// key or properties.
///
/// A bad path can neither block the thread nor fill the memory. The file is opened without blocking
/// and must be a regular file after symbolic links are followed. Its size is checked before and
/// while it is read. All checks use one descriptor, so the path may change meanwhile.
///
/// @param mode the permission bits of the file; `0004` means that others may read it
@SuppressWarnings("ArrayRecordComponent")
public record InputFile(byte[] bytes, int mode) {

  /// Reads a whole file.
  ///
  /// @param most the largest size in bytes
  /// @throws java.nio.file.NoSuchFileException if it does not exist
  /// @throws java.nio.file.AccessDeniedException if access is denied
  /// @throws IOException with a message of one line that names the file, if it is no regular file,
  ///   too large or unreadable
  public static InputFile read(Path path, int most) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      Libc libc = new Libc(arena);
      int fd =
          libc.openat(
              Libc.AT_FDCWD,
              FileStatus.text(arena, path),
              Libc.O_RDONLY | Libc.O_NONBLOCK | Libc.O_NOCTTY | Libc.O_CLOEXEC);
      if (fd == -Errno.ENXIO) {
        // open(2) fails so for a socket.
        throw FileErrors.because(path, "is a socket or a device, and must be a regular file");
      }
      if (fd < 0) {
        throw FileErrors.of(libc, path, -fd);
      }
      try {
        return read(libc, arena, fd, path, most);
      } finally {
        libc.close(fd);
      }
    }
  }

  /// Reads a whole file as text.
  ///
  /// @throws CharacterCodingException if its bytes are not of this encoding
  public static String text(Path path, int most, Charset charset) throws IOException {
    return charset.newDecoder().decode(java.nio.ByteBuffer.wrap(read(path, most).bytes)).toString();
  }

  private static InputFile read(Libc libc, Arena arena, int fd, Path path, int most)
      throws IOException {
    FileStatus status = FileStatus.of(libc, arena, fd, path);
    if (!status.isRegular()) {
      throw FileErrors.because(path, "is " + status.type() + ", and must be a regular file");
    }
    if (status.size() > most) {
      throw tooLarge(path, most);
    }
    // Files of /proc have no size, and others may grow meanwhile.
    MemorySegment buffer = arena.allocate(Math.max(status.size() + 1, Math.min(most, 65_536) + 1L));
    long length = 0;
    while (true) {
      if (length == buffer.byteSize()) {
        if (length > most) {
          throw tooLarge(path, most);
        }
        buffer = arena.allocate(most + 1L).copyFrom(buffer);
      }
      long count = libc.read(fd, buffer.asSlice(length), buffer.byteSize() - length);
      if (count == 0) {
        break;
      }
      if (count < 0 && count != -Errno.EINTR) {
        throw FileErrors.of(libc, path, (int) -count);
      }
      length += Math.max(0, count);
    }
    if (length > most) {
      throw tooLarge(path, most);
    }
    return new InputFile(
        buffer.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE), status.mode() & 07777);
  }

  private static IOException tooLarge(Path path, int most) {
    return FileErrors.because(path, "is larger than " + (most >> 10) + " KiB, the most it may be");
  }
}
