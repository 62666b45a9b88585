package dev.nsmon.sink;

import dev.nsmon.event.EventFilter;
import dev.nsmon.log.Entry;
import java.io.IOException;
import java.util.List;

/// Passes the events that match a filter to another sink. Dropped events leave gaps in the sequence
/// numbers.
public final class FilteredSink implements Sink {
  private final Sink sink;
  private volatile EventFilter filter;

  public FilteredSink(Sink sink, EventFilter filter) {
    this.sink = sink;
    this.filter = filter;
  }

  /// Replaces the filter, from the next batch on. Any thread.
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
    // Filtering needs decoded events. For entries of the journal that means parsing each record, so
    // it is skipped here.
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
  public void abandon(String reason) throws IOException {
    sink.abandon(reason);
  }

  @Override
  public long lost() {
    return sink.lost();
  }

  @Override
  public void close() throws IOException {
    sink.close();
  }
}
