package dev.nsmon.journal;

import dev.nsmon.format.Rfc3339;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/// Operations on the files of a journal by path.
final class JournalFile {
  private static final FileAttribute<Set<PosixFilePermission>> OURS =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
  private static final FileAttribute<Set<PosixFilePermission>> OUR_DIRECTORY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
  private static final byte[] MAGIC = {'S', 'Q', 'L', 'i', 't', 'e'};

  private JournalFile() {}

  /// The real path of the file, without symbolic links; the absolute path if the file does not
  /// exist. SQLite creates its `-wal` and `-shm` files beside the target of a link.
  static Path resolved(Path file) {
    try {
      return file.toRealPath();
    } catch (IOException e) {
      return file.toAbsolutePath();
    }
  }

  /// The size of the file in bytes; 0 if the file does not exist or can't be examined.
  static long bytes(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      return 0;
    }
  }

  /// Creates the parent directories that are missing, with mode 0700.
  static void makeParents(Path file) throws IOException {
    Path parent = file.toAbsolutePath().getParent();
    if (parent != null && !Files.isDirectory(parent)) {
      Files.createDirectories(parent, OUR_DIRECTORY);
    }
  }

  /// Creates the file with mode 0600 if it is missing. SQLite gives the files beside it the same
  /// mode.
  static void make(Path file) throws IOException {
    try {
      Files.createFile(file, OURS);
      syncDirectory(file);
    } catch (FileAlreadyExistsException e) {
      // The file exists already.
    }
  }

  /// Fails if the path names something that can't be a journal, for example because of a typing
  /// error. Such a file must not be moved or changed. A file with a lock file beside it counts as a
  /// journal, even if its content is damaged.
  static void refuseStranger(Path file) throws IOException {
    if (!Files.exists(file)) {
      return;
    }
    BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
    if (!attributes.isRegularFile()) {
      throw new JournalFault(
          JournalFault.Kind.REFUSED,
          attributes.isDirectory() ? "is a directory" : "is not a regular file");
    }
    if (attributes.size() > 0 && !JournalLock.existsFor(file) && !isDatabase(file)) {
      throw new JournalFault(JournalFault.Kind.REFUSED, "is not a journal, and is left as it is");
    }
  }

  /// True if the file begins with the magic bytes of SQLite.
  static boolean isDatabase(Path file) throws IOException {
    try (var in = Files.newInputStream(file)) {
      return Arrays.equals(MAGIC, in.readNBytes(MAGIC.length));
    }
  }

  static Path wal(Path file) {
    return file.resolveSibling(file.getFileName() + "-wal");
  }

  /// Renames the file and its `-wal` and `-shm` files.
  ///
  /// Connections may still be open. They keep the renamed files through their descriptors, and what
  /// SQLite writes when they are closed goes there. No new file may be created at the path before
  /// they are closed.
  ///
  /// @param why part of the new name, such as `corrupt`
  /// @return the new path
  static Path setAside(Path file, String why, Instant now) throws IOException {
    String stamp = Rfc3339.utc(now).substring(0, 19).replace(":", "") + "Z";
    Path aside = file.resolveSibling(file.getFileName() + "." + why + "-" + stamp);
    for (int i = 2; Files.exists(aside, LinkOption.NOFOLLOW_LINKS); i++) {
      aside = file.resolveSibling(file.getFileName() + "." + why + "-" + stamp + "." + i);
    }
    for (String suffix : List.of("-shm", "-wal", "")) {
      Path part = file.resolveSibling(file.getFileName() + suffix);
      if (Files.exists(part, LinkOption.NOFOLLOW_LINKS)) {
        Files.move(part, aside.resolveSibling(aside.getFileName() + suffix));
      }
    }
    syncDirectory(file);
    return aside;
  }

  /// Identifies the file at this path (device and inode); null if there is none. A file that
  /// replaces it has another key.
  static Object key(Path file) {
    try {
      return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
    } catch (IOException e) {
      return null;
    }
  }

  private static void syncDirectory(Path file) throws IOException {
    try (FileChannel directory =
        FileChannel.open(file.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
      directory.force(true);
    }
  }
}
