package dev.nsmon.sink;

import dev.nsmon.event.EventFilter;
import dev.nsmon.log.Entry;
import java.io.IOException;
import java.util.List;

/// Hands on to another sink what a filter lets pass. What it hides leaves gaps in the numbers.
public final class FilteredSink implements Sink {
  private final Sink sink;
  private volatile EventFilter filter;

  public FilteredSink(Sink sink, EventFilter filter) {
    this.sink = sink;
    this.filter = filter;
  }

  /// Takes another filter, from the next batch on. Any thread.
  public void filter(EventFilter next) {
    filter = next;
  }

  @Override
  public Appetite write(List<Entry> entries) throws IOException {
    EventFilter now = filter;
    if (now.equals(EventFilter.ALL)) {
      // To look into what the journal hands out would be to read it anew.
      return sink.write(entries);
    }
    List<Entry> wanted = entries.stream().filter(one -> now.passes(one.event())).toList();
    return wanted.isEmpty() ? Appetite.MORE : sink.write(wanted);
  }

  @Override
  public void idle() throws IOException {
    sink.idle();
  }

  @Override
  public void close() throws IOException {
    sink.close();
  }
}
