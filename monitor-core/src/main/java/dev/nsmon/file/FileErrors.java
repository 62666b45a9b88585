package dev.nsmon.file;

import dev.nsmon.libc.Errno;
import dev.nsmon.libc.Libc;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/// Converts error numbers to the exceptions that the JDK throws for files.
final class FileErrors {
  private FileErrors() {}

  /// @param errno the positive error number
  static IOException of(Libc libc, Path path, int errno) {
    return switch (errno) {
      case Errno.ENOENT, Errno.ENOTDIR -> new NoSuchFileException(path.toString());
      case Errno.EACCES, Errno.EPERM -> new AccessDeniedException(path.toString());
      case Errno.ENXIO -> because(path, "nobody reads it");
      case Errno.EPIPE -> because(path, "its reader has gone");
      default -> because(path, libc.strerror(errno));
    };
  }

  /// @param reason text after the path and a colon
  static IOException because(Path path, String reason) {
    return new FileSystemException(path.toString(), null, reason);
  }
}
