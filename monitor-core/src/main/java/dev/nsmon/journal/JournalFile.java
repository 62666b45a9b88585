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

/// What is done with a journal's files by name.
final class JournalFile {
  private static final FileAttribute<Set<PosixFilePermission>> OURS =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
  private static final FileAttribute<Set<PosixFilePermission>> OUR_DIRECTORY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
  private static final byte[] MAGIC = {'S', 'Q', 'L', 'i', 't', 'e'};

  private JournalFile() {}

  /// The file itself, where the name is a symbolic link: SQLite puts its files beside that.
  static Path resolved(Path file) {
    try {
      return file.toRealPath();
    } catch (IOException e) {
      return file.toAbsolutePath();
    }
  }

  /// 0 if it is not there.
  static long bytes(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      return 0;
    }
  }

  /// Makes the directories that are missing.
  static void makeParents(Path file) throws IOException {
    Path parent = file.toAbsolutePath().getParent();
    if (parent != null && !Files.isDirectory(parent)) {
      Files.createDirectories(parent, OUR_DIRECTORY);
    }
  }

  /// Makes the file if it is missing: SQLite gives those beside it the same mode.
  static void make(Path file) throws IOException {
    try {
      Files.createFile(file, OURS);
      syncDirectory(file);
    } catch (FileAlreadyExistsException e) {
      // Fine.
    }
  }

  /// Refuses what can't be a journal and must not be moved out of the way: it may be dear to
  /// somebody who has mistyped a name.
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

  /// Whether it begins as SQLite's files do.
  static boolean isDatabase(Path file) throws IOException {
    try (var in = Files.newInputStream(file)) {
      return Arrays.equals(MAGIC, in.readNBytes(MAGIC.length));
    }
  }

  static Path wal(Path file) {
    return file.resolveSibling(file.getFileName() + "-wal");
  }

  /// Moves the file and what belongs to it out of the way.
  ///
  /// Connections may still be open: SQLite goes on with the files that it has, so that what it does
  /// to them when they are closed is done to what was moved. No new file may be made before.
  ///
  /// @param why becomes part of the name
  /// @return the new name
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

  /// What tells this file from another of the same name; null if there is none.
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
