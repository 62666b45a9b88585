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

/// What was read from files, and is read again when they change. If they are no good then, that is
/// said once, and what was read before stays: a file is often seen half written.
///
/// Any thread may ask. The files are looked at no more than once a second, by whoever asks then.
final class Reloaded<T> {
  private static final long PAUSE_NANOS = 1_000_000_000;

  private final String name;
  private final List<Path> files;
  private final Reader<T> reader;
  private final Consumer<String> remarks;
  private final HostClock clock;
  private final ReentrantLock looking = new ReentrantLock();
  private volatile long nextLook;
  private volatile T current;

  /// Guarded by `looking`.
  private List<String> seen;

  /// Makes something of the files.
  @FunctionalInterface
  interface Reader<T> {
    /// Reads them.
    ///
    /// @throws IOException with one line that says what is wrong with which file
    T read() throws IOException;
  }

  /// @param name what people call it
  /// @throws IOException if it can't be read now
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

  /// The version is taken before the files are read: what changes meanwhile is seen the next time.
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

  /// Symlinks are followed: where files are replaced by turning a link, the inode tells.
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
