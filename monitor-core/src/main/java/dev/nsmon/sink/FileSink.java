package dev.nsmon.sink;

import dev.nsmon.format.EventFormat;
import dev.nsmon.log.Entry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;

/// Appends records to a file, a record a line. What it has taken is on the disk. While nothing can
/// be written it tries on. Sinks for several streams may share a file.
public final class FileSink implements Sink {
  private final RotatedFile file;
  private final ByteArrayOutputStream batch = new ByteArrayOutputStream(64 * 1024);
  private volatile EventFormat format;

  public FileSink(RotatedFile file, EventFormat format) {
    this.file = file;
    this.format = format;
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
    file.append(batch.toByteArray());
    return Appetite.MORE;
  }

  /// Makes the file anew that was moved, so that whoever waits for it finds it.
  @Override
  public void idle() {
    file.idle();
  }

  @Override
  public void close() {
    file.close();
  }
}
