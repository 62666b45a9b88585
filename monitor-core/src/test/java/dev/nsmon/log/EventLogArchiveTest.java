package dev.nsmon.log;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nsmon.event.Kind;
import dev.nsmon.event.NamespaceEvent.EventsLost;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// What cursors are handed of a log with an archive behind it.
class EventLogArchiveTest {
  private static final long ONE = Footprint.of(Numbered.event(1)) + Footprint.RECORD;
  private static final Duration NOW = Duration.ZERO;
  private static final int ALL = 1_000_000;

  /// Entries written down, by number.
  private final NavigableMap<Long, Entry> written = new ConcurrentSkipListMap<>();

  private boolean failing;

  /// How many reads of the archive are yet to fail.
  private int failures;

  private final EventLog log =
      EventLog.durable("stream", 5, 3 * ONE, InstantSource.fixed(Numbered.NOW), this::read);

  private List<Entry> read(long from, int max) throws IOException {
    if (failing || failures-- > 0) {
      throw new IOException("no disk");
    }
    return written.tailMap(from).values().stream().limit(max).toList();
  }

  private void write(long first, long last) {
    for (long seq = first; seq <= last; seq++) {
      var event = Numbered.event(seq);
      written.put(
          seq, new Entry(seq, event.kind(), Numbered.NOW, new byte[] {'{', '}'}, () -> event));
    }
  }

  /// The numbers, with what was lost as `(first-last)`.
  private static String numbers(Optional<List<Entry>> taken) {
    return taken.orElseThrow().stream()
        .map(
            entry ->
                entry.event() instanceof EventsLost lost
                    ? "(" + lost.first().getAsLong() + "-" + lost.last().getAsLong() + ")"
                    : "" + entry.seq())
        .collect(Collectors.joining(" "));
  }

  @Test
  void numbersGoOnAfterTheArchive() throws InterruptedException {
    assertEquals(5, log.nextSeq());
    write(1, 4);
    log.append(Numbered.events(5, 5));
    log.keptBelow(6);
    EventLog.Cursor cursor = log.from(1);
    assertEquals("1 2 3 4", numbers(cursor.take(ALL)));
    assertEquals("5", numbers(cursor.take(ALL)));
  }

  @Test
  void whatIsNotKeptIsHandedToTheWriterOnly() throws InterruptedException {
    EventLog.Cursor writer = log.unkept();
    EventLog.Cursor reader = log.from(5);
    log.append(Numbered.events(5, 7));
    assertEquals(Optional.of(List.of()), reader.take(ALL, NOW));
    assertEquals("5 6 7", numbers(writer.take(ALL)));
    log.keptBelow(7);
    assertEquals("5 6", numbers(reader.take(ALL)));
    assertEquals(Optional.of(List.of()), reader.take(ALL, NOW));
    log.keptBelow(Long.MAX_VALUE);
    assertEquals("7", numbers(reader.take(ALL)));
  }

  @Test
  void whatMemoryHoldsNoMoreIsReadFromTheArchive() throws InterruptedException {
    EventLog.Cursor reader = log.from(5);
    for (int seq = 5; seq <= 20; seq++) {
      log.append(Numbered.events(seq, seq));
    }
    write(5, 20);
    log.keptBelow(21);
    assertEquals("5 6 7 8 9 10 11 12 13 14", numbers(reader.take(10)));
    assertEquals("15 16 17 18 19 20", numbers(reader.take(10)));
  }

  @Test
  void asMoreComesWhatTheArchiveHasMakesRoom() throws InterruptedException {
    for (int seq = 5; seq <= 8; seq++) {
      log.append(Numbered.events(seq, seq));
    }
    log.keptBelow(9);
    assertEquals("6 7 8", numbers(log.from(6).take(ALL)));
    log.append(Numbered.events(9, 9));
    log.append(Numbered.events(10, 10));
    log.append(Numbered.events(11, 11));
    log.keptBelow(Long.MAX_VALUE);
    failing = true;
    assertEquals("(6-8) 9 10 11", numbers(log.from(6).take(ALL)));
  }

  @Test
  void whatTheArchiveHasNoMoreIsToldLost() throws InterruptedException {
    for (int seq = 5; seq <= 20; seq++) {
      log.append(Numbered.events(seq, seq));
    }
    write(9, 20);
    written.remove(12L);
    log.keptBelow(21);
    assertEquals("(1-8) 9 10 11 (12-12) 13 14 15 16 17 18 19 20", numbers(log.from(1).take(ALL)));
  }

  @Test
  void whoeverGoesOnAfterALossOfTheArchiveMissesNothingMore() throws InterruptedException {
    for (int seq = 5; seq <= 20; seq++) {
      log.append(Numbered.events(seq, seq));
    }
    write(9, 20);
    log.keptBelow(21);
    long lost = log.from(1).take(1).orElseThrow().getFirst().seq();
    assertEquals("9 10", numbers(log.from(lost + 1).take(2)));
  }

  @Test
  void whatNeitherTheArchiveNorMemoryHasIsToldLost() throws InterruptedException {
    EventLog.Cursor reader = log.from(5);
    for (int seq = 5; seq <= 20; seq++) {
      log.append(Numbered.events(seq, seq));
    }
    // What was written down is gone: another file was begun.
    log.keptBelow(8);
    assertEquals("(5-17)", numbers(reader.take(ALL)));
    log.keptBelow(21);
    assertEquals("18 19 20", numbers(reader.take(ALL)));
    appendsInAnotherThread();
  }

  @Test
  void aReadThatFailsWhileTheArchiveWorksIsTriedAgainAfterAWhile() throws InterruptedException {
    EventLog.Cursor reader = log.from(5);
    for (int seq = 5; seq <= 20; seq++) {
      log.append(Numbered.events(seq, seq));
    }
    write(5, 20);
    log.keptBelow(21);
    failures = 2;
    long began = System.nanoTime();
    assertEquals("5 6 7", numbers(reader.take(3)));
    // An archive that fails is not asked without a pause.
    assertTrue(System.nanoTime() - began >= 400_000_000L);
    appendsInAnotherThread();
  }

  /// No reader keeps the log to itself.
  private void appendsInAnotherThread() {
    CompletableFuture<Void> appended =
        CompletableFuture.runAsync(() -> log.append(Numbered.events(21, 21)));
    await().until(appended::isDone);
    appended.join();
    assertEquals(22, log.nextSeq());
  }

  @Test
  void aLossThatWasWrittenDownIsNotToldTwice() throws InterruptedException {
    for (int seq = 5; seq <= 20; seq++) {
      log.append(Numbered.events(seq, seq));
    }
    write(5, 8);
    // The writer was slower than memory is long: it wrote down what its own cursor was handed.
    written.put(15L, lost(9, 15));
    write(16, 20);
    log.keptBelow(21);
    assertEquals("5 6 7 8 (9-15) 16 17 18 19 20", numbers(log.from(5).take(ALL)));
  }

  private static Entry lost(long first, long last) throws InterruptedException {
    EventLog small = new EventLog("stream", 1, InstantSource.fixed(Numbered.NOW));
    for (int seq = 1; seq <= last + 1; seq++) {
      small.append(Numbered.events(seq, seq));
    }
    Entry entry = small.from(first).take(1).orElseThrow().getFirst();
    return new Entry(entry.seq(), Kind.EVENTS_LOST, entry.time(), new byte[0], entry::event);
  }

  @Test
  void anArchiveThatFailsLosesWhatMemoryDoesNotHold() throws InterruptedException {
    EventLog.Cursor reader = log.from(5);
    for (int seq = 5; seq <= 20; seq++) {
      log.append(Numbered.events(seq, seq));
    }
    failing = true;
    log.keptBelow(Long.MAX_VALUE);
    assertEquals("(5-17) 18 19 20", numbers(reader.take(ALL)));
  }

  @Test
  void readerIsWokenWhenTheArchiveHasWhatItWaitsFor() {
    EventLog.Cursor reader = log.from(5);
    log.append(Numbered.events(5, 5));
    CompletableFuture<String> taken = new CompletableFuture<>();
    Thread waiting =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    taken.complete(numbers(reader.take(ALL)));
                  } catch (InterruptedException e) {
                    taken.completeExceptionally(e);
                  }
                });
    await().until(() -> waiting.getState() == Thread.State.TIMED_WAITING);
    log.keptBelow(6);
    await().until(taken::isDone);
    assertEquals("5", taken.join());
  }

  @Test
  void theEndIsReachedWhenAllIsKeptOrTheArchiveFails() throws InterruptedException {
    EventLog.Cursor reader = log.from(5);
    log.append(Numbered.events(5, 5));
    log.close();
    assertEquals(Optional.of(List.of()), reader.take(ALL, NOW));
    log.keptBelow(6);
    assertEquals("5", numbers(reader.take(ALL, NOW)));
    assertEquals(Optional.empty(), reader.take(ALL, NOW));
  }
}
