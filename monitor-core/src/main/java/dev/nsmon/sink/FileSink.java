package dev.nsmon.sink;

import dev.nsmon.format.EventFormat;
import dev.nsmon.log.Entry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/// Appends records to a file, a record a line, and begins another file when one is full. What it
/// has taken is on the disk. While nothing can be written it tries on.
public final class FileSink implements Sink {
  private static final FileAttribute<Set<PosixFilePermission>> MODE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r-----"));

  /// Longer than any record, so that a torn one is found whole.
  private static final int TAIL_BYTES = 1 << 20;

  private final Path path;
  private final long mostBytes;
  private final int keep;
  private final Outage outage;
  private final ByteArrayOutputStream batch = new ByteArrayOutputStream(64 * 1024);

  private volatile EventFormat format;

  /// Null while there is none.
  private FileChannel file;

  private volatile boolean stale;

  /// @param mostBytes how large a file grows, but for its last batch
  /// @param keep how many full files stay, one at least, as `PATH.1` (the youngest), `PATH.2` and
  ///   so on
  /// @param remarks takes lines for people
  /// @param nanoTime monotonic time
  public FileSink(
      Path path,
      EventFormat format,
      long mostBytes,
      int keep,
      Consumer<String> remarks,
      LongSupplier nanoTime) {
    this(
        path,
        format,
        mostBytes,
        keep,
        new Outage(path.toString(), remarks, nanoTime, Thread::sleep));
  }

  FileSink(Path path, EventFormat format, long mostBytes, int keep, Outage outage) {
    this.path = path;
    this.format = format;
    this.mostBytes = mostBytes;
    this.keep = keep;
    this.outage = outage;
  }

  /// Has the file opened anew before the next record, for somebody has moved it. Any thread.
  public void reopen() {
    stale = true;
  }

  /// Has records written in another format, from the next batch on. Any thread.
  public void format(EventFormat next) {
    format = next;
  }

  @Override
  public Appetite write(List<Entry> entries) throws IOException {
    EventFormat now = format;
    batch.reset();
    for (Entry entry : entries) {
      now.write(entry.seq(), entry.event(), batch);
    }
    byte[] lines = batch.toByteArray();
    while (true) {
      try {
        append(lines);
        outage.over();
        return Appetite.MORE;
      } catch (ClosedByInterruptException e) {
        throw e;
      } catch (IOException e) {
        outage.because(words(e));
        letGo();
        pause();
      }
    }
  }

  private void append(byte[] lines) throws IOException {
    if (stale) {
      stale = false;
      letGo();
    }
    if (file == null) {
      file = open();
    }
    if (file.size() > 0 && file.size() + lines.length > mostBytes) {
      letGo();
      rotate();
      file = open();
    }
    long end = file.size();
    try {
      ByteBuffer bytes = ByteBuffer.wrap(lines);
      while (bytes.hasRemaining()) {
        file.write(bytes);
      }
      file.force(false);
    } catch (IOException e) {
      // Or a part of it would stand there twice.
      if (file.isOpen()) {
        file.truncate(end);
      }
      throw e;
    }
  }

  private FileChannel open() throws IOException {
    FileChannel opened =
        FileChannel.open(
            path,
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
            MODE);
    try {
      cutTornLine(opened);
      return opened.position(opened.size());
    } catch (IOException e) {
      opened.close();
      throw e;
    }
  }

  /// A line without its end is of somebody who was killed while writing it; its record comes again.
  private static void cutTornLine(FileChannel file) throws IOException {
    long size = file.size();
    int length = (int) Math.min(size, TAIL_BYTES);
    ByteBuffer tail = ByteBuffer.allocate(length);
    while (tail.hasRemaining() && file.read(tail, size - length + tail.position()) >= 0) {
      // The rest of it.
    }
    int last = tail.position() - 1;
    while (last >= 0 && tail.get(last) != '\n') {
      last--;
    }
    if (last >= 0 || length == size) {
      file.truncate(size - length + last + 1);
    }
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

  private void letGo() throws IOException {
    if (file != null) {
      FileChannel old = file;
      file = null;
      old.close();
    }
  }

  private void pause() throws InterruptedIOException {
    try {
      outage.pause();
    } catch (InterruptedException e) {
      throw new InterruptedIOException("interrupted");
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

  @Override
  public void close() throws IOException {
    letGo();
  }
}
