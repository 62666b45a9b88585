package dev.nsmon.journal;

import dev.nsmon.namespace.HostClock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The lock file beside the journal. A monitor holds an `fcntl(2)` lock on it while it uses the
/// journal. The kernel releases the lock when the process ends for any reason. The file is never
/// removed.
///
/// The file also stores a key: all keys of the journal below it may have been used. The text is
/// overwritten in place, which works on a full disk. At the next start, the stored key shows
/// whether the journal has lost its last events.
///
/// Two journals of one process must not use the same file, because `fcntl` locks belong to the
/// process. The second one does not get the lock, but closing its channel releases the lock of the
/// first.
final class JournalLock implements AutoCloseable {
  private static final Pattern CONTENT =
      Pattern.compile(
          "pid (\\d+) *\nnumbers used below (\\d+) *\n(?:all of them below (\\d+) *\n)?");

  /// Delay between two attempts to take the lock. `fcntl(2)` can't wait with a timeout.
  private static final Duration PAUSE = Duration.ofMillis(50);

  private final FileChannel channel;
  private final long usedBefore;
  private final long allUsedBefore;

  private JournalLock(FileChannel channel, long usedBefore, long allUsedBefore) {
    this.channel = channel;
    this.usedBefore = usedBefore;
    this.allUsedBefore = allUsedBefore;
  }

  static Path of(Path journal) {
    return journal.resolveSibling(journal.getFileName() + ".lock");
  }

  /// Takes the lock. Waits for at most `patience`, because another monitor may be just ending.
  ///
  /// @throws JournalFault if another monitor holds the lock, or the lock file can't be created
  static JournalLock take(Path journal, Duration patience, HostClock clock) throws JournalFault {
    Path file = of(journal);
    try {
      FileChannel channel =
          FileChannel.open(
              file,
              Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE),
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      try {
        if (!lock(channel, patience, clock)) {
          String holder = content(channel).replaceFirst("(?s)^pid (\\d+).*", "process $1");
          throw new JournalFault(
              JournalFault.Kind.IN_USE,
              "is in use by another monitor" + (holder.isBlank() ? "" : " (" + holder + ")"));
        }
        Matcher matcher = CONTENT.matcher(content(channel));
        long used = matcher.matches() ? Long.parseLong(matcher.group(2)) : 0;
        boolean tellsAll = used > 0 && matcher.group(3) != null;
        long all = tellsAll ? Long.parseLong(matcher.group(3)) : used;
        JournalLock lock = new JournalLock(channel, used, all);
        lock.usedBelow(used, all);
        return lock;
      } catch (IOException | RuntimeException e) {
        channel.close();
        throw e;
      }
    } catch (IOException e) {
      throw JournalFault.of(e, journal);
    }
  }

  private static boolean lock(FileChannel channel, Duration patience, HostClock clock)
      throws IOException {
    long began = clock.nanoTime();
    while (true) {
      try {
        FileLock lock = channel.tryLock();
        if (lock != null) {
          return true;
        }
      } catch (OverlappingFileLockException e) {
        // Another journal of this process holds the lock.
      }
      if (patience.isZero() || clock.nanoTime() - began > patience.toNanos()) {
        return false;
      }
      try {
        clock.sleep(PAUSE);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }
  }

  private static String content(FileChannel channel) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(128);
    channel.read(bytes, 0);
    return new String(bytes.array(), 0, bytes.position(), StandardCharsets.US_ASCII);
  }

  /// True if there is a lock file: a monitor has used a journal at this path before.
  static boolean existsFor(Path journal) {
    return Files.exists(of(journal));
  }

  /// The key below which the previous monitor may have used all keys; 0 if none is stored.
  long usedBefore() {
    return usedBefore;
  }

  /// The key below which the previous monitor had used all keys, as far as it knew. At most
  /// [#usedBefore].
  long allUsedBefore() {
    return allUsedBefore;
  }

  /// Stores that every key below this one may have been used.
  ///
  /// @param all every key below this one was used
  void usedBelow(long key, long all) throws IOException {
    // The text always has the same length, so it needs no new block on a full disk.
    String text =
        "pid %-20d\nnumbers used below %-20d\nall of them below %-20d\n"
            .formatted(ProcessHandle.current().pid(), key, all);
    channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)), 0);
  }

  /// Releases the lock. The file stays: another monitor may have opened it already, and would then
  /// lock a file that has no name.
  @Override
  public void close() throws IOException {
    channel.close();
  }
}
