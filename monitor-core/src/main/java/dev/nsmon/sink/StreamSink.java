package dev.nsmon.sink;

import dev.nsmon.event.EventFilter;
import dev.nsmon.format.EventFormat;
import dev.nsmon.log.Entry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/// Writes records as lines to an open stream, such as stdout: those that pass a filter, up to a
/// limit. A batch is one write, so that no other writer's text can split a line.
///
/// The stream must throw an exception for a broken pipe, as `FileOutputStream` does and
/// `PrintStream` does not.
public final class StreamSink implements Sink {
  private final OutputStream out;
  private final EventFormat format;
  private final EventFilter filter;
  private final ByteArrayOutputStream batch = new ByteArrayOutputStream(16 * 1024);
  private long remaining;

  /// @param limit the number of records to write, not counting control records
  public StreamSink(OutputStream out, EventFormat format, EventFilter filter, long limit) {
    this.out = out;
    this.format = format;
    this.filter = filter;
    this.remaining = limit;
  }

  @Override
  public Appetite write(List<Entry> entries) throws IOException {
    batch.reset();
    for (Entry entry : entries) {
      if (remaining > 0 && filter.passes(entry.event())) {
        format.write(entry.seq(), entry.event(), batch);
        remaining -= entry.event().kind().isControl() ? 0 : 1;
      }
    }
    if (batch.size() > 0) {
      batch.writeTo(out);
    }
    return remaining > 0 ? Appetite.MORE : Appetite.ENOUGH;
  }

  @Override
  public void close() throws IOException {
    out.flush();
  }
}
