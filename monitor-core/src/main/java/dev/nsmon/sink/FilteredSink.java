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
    List<Entry> wanted = wanted(entries);
    return wanted.isEmpty() ? Appetite.MORE : sink.write(wanted);
  }

  @Override
  public Appetite hand(List<Entry> entries) throws IOException {
    List<Entry> wanted = wanted(entries);
    if (wanted.isEmpty()) {
      sink.settle();
      return Appetite.MORE;
    }
    return sink.hand(wanted);
  }

  private List<Entry> wanted(List<Entry> entries) {
    EventFilter now = filter;
    // To look into what the journal hands out would be to read it anew.
    return now.equals(EventFilter.ALL)
        ? entries
        : entries.stream().filter(one -> now.passes(one.event())).toList();
  }

  @Override
  public boolean isUnderWay() {
    return sink.isUnderWay();
  }

  @Override
  public void settle() throws IOException {
    sink.settle();
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
