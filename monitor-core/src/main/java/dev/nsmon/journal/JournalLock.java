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

/// The file beside the journal that says whose it is: locked while a monitor uses it, and never
/// removed. The kernel lets the lock go when its holder ends, however that happens.
///
/// It also notes below which key every key of the file may have been used. That is written in
/// place, so it works where the disk is full, and a journal that has lost its end is found out by
/// it.
///
/// Two in one process don't keep each other out: `fcntl` locks belong to the process, and closing
/// the second file would let go of the lock of the first.
final class JournalLock implements AutoCloseable {
  private static final Pattern CONTENT =
      Pattern.compile(
          "pid (\\d+) *\nnumbers used below (\\d+) *\n(?:all of them below (\\d+) *\n)?");

  /// Between two attempts to take the lock: `fcntl(2)` can't wait for a limited time.
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

  /// Takes it, waiting this long for another monitor that may be just ending.
  ///
  /// @throws JournalFault if it is another's, or can't be made
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
        // Another journal of this very process has it.
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

  /// Whether a journal was here before, as far as this file tells.
  static boolean existsFor(Path journal) {
    return Files.exists(of(journal));
  }

  /// The key that the monitor before this one noted last; 0 if there was none.
  long usedBefore() {
    return usedBefore;
  }

  /// Below this key all that the monitor before this one knew of had been used; not above
  /// [#usedBefore].
  long allUsedBefore() {
    return allUsedBefore;
  }

  /// Notes that every key below this one may have been used.
  ///
  /// @param all below this one they all have been
  void usedBelow(long key, long all) throws IOException {
    // Of one length always: no block is needed that is not there already.
    String text =
        "pid %-20d\nnumbers used below %-20d\nall of them below %-20d\n"
            .formatted(ProcessHandle.current().pid(), key, all);
    channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)), 0);
  }

  /// Lets go. The file stays: removing it could take it from under the next one's feet.
  @Override
  public void close() throws IOException {
    channel.close();
  }
}
