package dev.nsmon.sink;

import dev.nsmon.file.OutputFile;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/// A file that lines are appended to, and another one when it is full. What was appended is on the
/// disk. While nothing can be written it tries on.
///
/// Other processes may truncate the file, rename or remove it at any time: it goes on at the end of
/// what the path leads to then. No other process may write it meanwhile; threads of this one take
/// turns, each with whole lines. A pipe, a terminal or a socket is written to as well, and is never
/// rotated.
public final class RotatedFile {
  /// Longer than any record, so that a torn one is found whole.
  private static final int TAIL_BYTES = 1 << 20;

  private final Path path;
  private final long mostBytes;
  private final int keep;
  private final Outage outage;

  /// Held by the thread that writes, for as long as nothing can be written.
  private final ReentrantLock turn = new ReentrantLock();

  /// Null while there is none.
  private OutputFile file;

  private volatile boolean stale;

  /// @param mostBytes how large a file grows, but for its last batch
  /// @param keep how many full files stay, one at least, as `PATH.1` (the youngest), `PATH.2` and
  ///   so on
  /// @param remarks takes lines for people
  /// @param nanoTime monotonic time
  public RotatedFile(
      Path path, long mostBytes, int keep, Consumer<String> remarks, LongSupplier nanoTime) {
    this(path, mostBytes, keep, new Outage(path.toString(), remarks, nanoTime, Thread::sleep));
  }

  RotatedFile(Path path, long mostBytes, int keep, Outage outage) {
    this.path = path;
    this.mostBytes = mostBytes;
    this.keep = keep;
    this.outage = outage;
  }

  /// Has the file opened anew before the next line. Any thread.
  public void reopen() {
    stale = true;
  }

  /// Appends these lines.
  ///
  /// @throws InterruptedIOException if the thread is interrupted while it waits
  void append(byte[] lines) throws IOException {
    takeTurn();
    try {
      while (!isAppended(lines)) {
        pause();
      }
    } finally {
      turn.unlock();
    }
  }

  private void takeTurn() throws InterruptedIOException {
    try {
      turn.lockInterruptibly();
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private static InterruptedIOException interrupted(InterruptedException cause) {
    InterruptedIOException e = new InterruptedIOException("interrupted");
    e.initCause(cause);
    return e;
  }

  private boolean isAppended(byte[] lines) throws InterruptedIOException {
    try {
      appendNow(lines);
      outage.over();
      return true;
    } catch (InterruptedIOException e) {
      throw e;
    } catch (IOException e) {
      outage.because(words(e));
      letGo();
      return false;
    }
  }

  private void appendNow(byte[] lines) throws IOException {
    do {
      openIfNeeded();
      if (canRotate() && file.size() > 0 && file.size() + lines.length > mostBytes) {
        letGo();
        rotate();
        openIfNeeded();
      }
      write(lines);
      // Removed while it was written: nobody could find the records there.
    } while (file.isRegular() && !file.hasName());
  }

  private void write(byte[] lines) throws IOException {
    if (!file.isRegular()) {
      file.write(lines);
      return;
    }
    long end = file.size();
    try {
      file.write(lines);
      file.sync();
    } catch (IOException e) {
      // Or a part of it would stand there twice.
      file.truncate(end);
      throw e;
    }
  }

  private void openIfNeeded() throws IOException {
    if (file != null && (stale || (file.isRegular() && !file.isInPlace()))) {
      letGo();
    }
    stale = false;
    if (file == null) {
      OutputFile opened = OutputFile.open(path);
      try {
        cutTornLine(opened);
      } catch (IOException e) {
        opened.close();
        throw e;
      }
      file = opened;
    }
  }

  /// A line without its end is of somebody who was killed while writing it; its record comes again.
  private static void cutTornLine(OutputFile file) throws IOException {
    if (!file.isRegular()) {
      return;
    }
    long size = file.size();
    byte[] tail = file.tail(TAIL_BYTES);
    int last = tail.length - 1;
    while (last >= 0 && tail[last] != '\n') {
      last--;
    }
    if (tail.length > 0 && (last >= 0 || tail.length == size)) {
      file.truncate(size - tail.length + last + 1);
    }
  }

  /// Names of devices and descriptors, such as `/dev/stdout`, must never be renamed, whatever they
  /// lead to.
  private boolean canRotate() {
    return file.isRegular() && !path.startsWith("/dev") && !path.startsWith("/proc");
  }

  private void rotate() throws IOException {
    for (int i = keep - 1; i >= 1; i--) {
      if (Files.exists(full(i))) {
        Files.move(full(i), full(i + 1), StandardCopyOption.REPLACE_EXISTING);
      }
    }
    Files.move(path, full(1), StandardCopyOption.REPLACE_EXISTING);
  }

  private Path full(int number) {
    return path.resolveSibling(path.getFileName() + "." + number);
  }

  private void letGo() {
    if (file != null) {
      file.close();
      file = null;
    }
  }

  private void pause() throws InterruptedIOException {
    try {
      outage.pause();
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  /// Makes the file anew that was moved, so that whoever waits for it finds it.
  void idle() {
    if (!turn.tryLock()) {
      return;
    }
    try {
      if (file != null) {
        openIfNeeded();
      }
    } catch (IOException e) {
      // The next line says so.
      letGo();
    } finally {
      turn.unlock();
    }
  }

  private static String words(IOException e) {
    if (e instanceof FileSystemException problem && problem.getReason() != null) {
      return problem.getReason();
    }
    return switch (e) {
      case java.nio.file.NoSuchFileException _ -> "its directory is not there";
      case java.nio.file.AccessDeniedException _ -> "access is denied";
      default -> e.getMessage();
    };
  }

  /// Lets go of the file until the next line, unless another thread is writing.
  void close() {
    if (turn.tryLock()) {
      try {
        letGo();
      } finally {
        turn.unlock();
      }
    }
  }
}
