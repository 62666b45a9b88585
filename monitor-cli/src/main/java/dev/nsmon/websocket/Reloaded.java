package dev.nsmon.websocket;

import dev.nsmon.namespace.HostClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/// A value read from files, and read again when they change. If they are invalid then, that is
/// reported once and the previous value stays: a file may be half written.
///
/// Any thread. The thread that calls [#current] checks the files, at most once a second.
final class Reloaded<T> {
  private static final long PAUSE_NANOS = 1_000_000_000;

  private final String name;
  private final List<Path> files;
  private final Reader<T> reader;
  private final Consumer<String> remarks;
  private final HostClock clock;
  private final ReentrantLock looking = new ReentrantLock();

  /// When the next check is due, by the monotonic clock.
  private volatile long nextLook;

  private volatile T current;

  /// Versions of the files at the last check. Guarded by `looking`.
  private List<String> seen;

  /// Makes a value from the files.
  @FunctionalInterface
  interface Reader<T> {
    /// Reads the files.
    ///
    /// @throws IOException with one line that says what is wrong with which file
    T read() throws IOException;
  }

  /// @param name of the value, for messages
  /// @throws IOException if the files are invalid now
  Reloaded(
      String name, List<Path> files, Reader<T> reader, Consumer<String> remarks, HostClock clock)
      throws IOException {
    this.clock = clock;
    this.name = name;
    this.files = files;
    this.reader = reader;
    this.remarks = remarks;
    this.seen = versions();
    this.current = reader.read();
    this.nextLook = clock.nanoTime() + PAUSE_NANOS;
  }

  /// The latest valid value.
  T current() {
    if (clock.nanoTime() - nextLook >= 0 && looking.tryLock()) {
      try {
        look();
      } finally {
        looking.unlock();
      }
    }
    return current;
  }

  /// Reads the files again if their versions differ. Versions are taken first, so that the next
  /// check finds a change during the read.
  private void look() {
    List<String> now = versions();
    if (!now.equals(seen)) {
      seen = now;
      try {
        current = reader.read();
        remarks.accept(name + ": read anew");
      } catch (IOException e) {
        remarks.accept(name + ": the one read before stays in use: " + e.getMessage());
      }
    }
    nextLook = clock.nanoTime() + PAUSE_NANOS;
  }

  /// Inode, size and modification time of each file. Symbolic links are followed: if a link is
  /// switched to another file, the inode changes.
  private List<String> versions() {
    List<String> versions = new ArrayList<>(files.size());
    for (Path file : files) {
      try {
        BasicFileAttributes one = Files.readAttributes(file, BasicFileAttributes.class);
        versions.add(one.fileKey() + " " + one.size() + " " + one.lastModifiedTime());
      } catch (IOException e) {
        versions.add("unreadable");
      }
    }
    return versions;
  }
}
