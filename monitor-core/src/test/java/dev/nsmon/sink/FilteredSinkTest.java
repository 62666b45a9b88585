package dev.nsmon.sink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nsmon.event.EventFilter;
import dev.nsmon.event.Kind;
import dev.nsmon.format.Samples;
import dev.nsmon.log.Entry;
import dev.nsmon.log.EventLog;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// A sink behind a filter is handed what passes, as one without is handed all.
final class FilteredSinkTest {
  private static final EventFilter DESTROYED =
      new EventFilter(
          Set.of(), Set.of(Kind.NAMESPACE_DESTROYED), Set.of(), Set.of(), Set.of(), Set.of(), true);

  private final EventLog log = new EventLog("s", 1 << 20, InstantSource.system());
  private final EventLog.Cursor cursor = log.from(1);
  private final Kept kept = new Kept();

  /// Keeps what it is handed.
  private static final class Kept implements Sink {
    private final List<List<Entry>> batches = new ArrayList<>();
    private int idle;
    private int settled;
    private boolean underWay;
    private boolean closed;

    @Override
    public Appetite hand(List<Entry> entries) {
      underWay = true;
      return write(entries);
    }

    @Override
    public boolean isUnderWay() {
      return underWay;
    }

    @Override
    public void settle() {
      settled++;
      underWay = false;
    }

    @Override
    public Appetite write(List<Entry> entries) {
      batches.add(entries);
      return Appetite.ENOUGH;
    }

    @Override
    public void idle() {
      idle++;
    }

    @Override
    public void close() {
      closed = true;
    }
  }

  private List<Entry> next() throws InterruptedException {
    log.append(Samples.events("nginx"));
    return cursor.take(100, Duration.ofSeconds(10)).orElseThrow();
  }

  @Test
  void withoutAWishAllPassesAsItIs() throws Exception {
    FilteredSink sink = new FilteredSink(kept, EventFilter.ALL);
    List<Entry> entries = next();
    assertEquals(Sink.Appetite.ENOUGH, sink.write(entries));
    assertEquals(List.of(entries), kept.batches);
  }

  @Test
  void whatDoesNotPassIsLeftOutAndAnEmptyBatchIsNone() throws Exception {
    FilteredSink sink = new FilteredSink(kept, DESTROYED);
    List<Entry> entries = next();
    sink.write(entries);
    List<Entry> expected =
        entries.stream()
            .filter(one -> one.kind() == Kind.NAMESPACE_DESTROYED || one.kind().isControl())
            .toList();
    assertTrue(expected.size() < entries.size());
    assertEquals(List.of(expected), kept.batches);
    List<Entry> created =
        entries.stream().filter(one -> one.kind() == Kind.NAMESPACE_CREATED).toList();
    assertFalse(created.isEmpty());
    assertEquals(Sink.Appetite.MORE, sink.write(created));
    assertEquals(1, kept.batches.size());
  }

  @Test
  void anotherFilterIsForWhatComesNext() throws Exception {
    FilteredSink sink = new FilteredSink(kept, DESTROYED);
    sink.write(next());
    sink.filter(EventFilter.ALL);
    List<Entry> entries = next();
    sink.write(entries);
    assertEquals(entries, kept.batches.getLast());
  }

  @Test
  void whatIsHandedIsUnderWayUntilItIsSettled() throws Exception {
    FilteredSink sink = new FilteredSink(kept, DESTROYED);
    assertFalse(sink.isUnderWay());
    List<Entry> entries = next();
    assertEquals(Sink.Appetite.ENOUGH, sink.hand(entries));
    assertTrue(sink.isUnderWay());
    assertEquals(1, kept.batches.size());
    assertTrue(kept.batches.getFirst().size() < entries.size());
    sink.settle();
    assertFalse(sink.isUnderWay());
    assertEquals(1, kept.settled);
  }

  /// The calls before have arrived when this one returns, also where nothing of it passes.
  @Test
  void anEmptyBatchSettlesWhatWasHandedBefore() throws Exception {
    FilteredSink sink = new FilteredSink(kept, DESTROYED);
    List<Entry> entries = next();
    sink.hand(entries);
    List<Entry> created =
        entries.stream().filter(one -> one.kind() == Kind.NAMESPACE_CREATED).toList();
    assertEquals(Sink.Appetite.MORE, sink.hand(created));
    assertEquals(1, kept.settled);
    assertEquals(1, kept.batches.size());
  }

  @Test
  void restAndEndAreHandedOn() throws IOException {
    FilteredSink sink = new FilteredSink(kept, DESTROYED);
    sink.idle();
    sink.close();
    assertEquals(1, kept.idle);
    assertTrue(kept.closed);
  }
}
