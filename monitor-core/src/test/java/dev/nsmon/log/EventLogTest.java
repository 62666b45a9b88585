package dev.nsmon.log;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.nsmon.event.Kind;
import dev.nsmon.event.NamespaceEvent.EventsLost;
import dev.nsmon.log.EventLog.Cursor;
import java.lang.Thread.State;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// How the log numbers, keeps and hands out events.
class EventLogTest {
  private static final long ONE = Footprint.of(Numbered.event(1));
  private static final int ALL = 1_000_000;

  private final EventLog log = holding(1000);

  private static EventLog holding(long events) {
    return new EventLog("stream", events * ONE, InstantSource.fixed(Numbered.NOW));
  }

  private static List<String> take(Cursor cursor, int max) throws InterruptedException {
    return Numbered.of(cursor.take(max).orElseThrow());
  }

  @Test
  void numbersAreContiguousFromOne() throws InterruptedException {
    log.append(Numbered.events(1, 2));
    log.append(List.of());
    log.append(Numbered.events(3, 3));
    assertEquals(List.of("1=net:1", "2=net:2", "3=net:3"), take(log.from(1), ALL));
  }

  @Test
  void cursorTakesNoMoreThanItAsksForAndGoesOnFromThere() throws InterruptedException {
    log.append(Numbered.events(1, 5));
    Cursor cursor = log.from(1);
    assertEquals(List.of("1=net:1", "2=net:2"), take(cursor, 2));
    assertEquals(3, cursor.position());
    assertEquals(List.of("3=net:3", "4=net:4"), take(cursor, 2));
    assertEquals(List.of("5=net:5"), take(cursor, 2));
  }

  @Test
  void cursorsDoNotDisturbEachOther() throws InterruptedException {
    log.append(Numbered.events(1, 3));
    Cursor one = log.from(1);
    Cursor other = log.from(1);
    take(one, ALL);
    assertEquals(List.of("1=net:1"), take(other, 1));
    assertEquals(4, one.position());
    assertEquals(2, other.position());
  }

  @Test
  void readingGoesOnFromAnyNumber() throws InterruptedException {
    log.append(Numbered.events(1, 5));
    assertEquals(List.of("4=net:4", "5=net:5"), take(log.from(4), ALL));
    assertThrows(IllegalArgumentException.class, () -> log.from(0));
  }

  @Test
  void cursorAtTheTailWaitsAndIsWoken() {
    CompletableFuture<List<String>> taken = takeInBackground(log.from(1));
    log.append(Numbered.events(1, 1));
    await().until(taken::isDone);
    assertEquals(List.of("1=net:1"), taken.join());
  }

  @Test
  void cursorBeyondTheTailWaitsForItsNumber() {
    log.append(Numbered.events(1, 1));
    CompletableFuture<List<String>> taken = takeInBackground(log.from(4));
    log.append(Numbered.events(2, 3));
    log.append(Numbered.events(4, 4));
    await().until(taken::isDone);
    assertEquals(List.of("4=net:4"), taken.join());
  }

  @Test
  void closeWakesWhoWaitsAndEndsTheStream() {
    CompletableFuture<List<String>> taken = takeInBackground(log.from(1));
    log.close();
    await().until(taken::isDone);
    assertEquals(List.of("end"), taken.join());
  }

  @Test
  void whatIsLeftIsReadBeforeTheEnd() throws InterruptedException {
    log.append(Numbered.events(1, 3));
    Cursor cursor = log.from(1);
    log.close();
    assertEquals(List.of("1=net:1", "2=net:2"), take(cursor, 2));
    assertEquals(List.of("3=net:3"), take(cursor, 2));
    assertEquals(Optional.empty(), cursor.take(2));
    assertEquals(Optional.empty(), log.from(9).take(2));
    assertThrows(IllegalStateException.class, () -> log.append(Numbered.events(4, 4)));
  }

  @Test
  void readerThatFellBehindIsToldOnceWhatItMissedAndGoesOn() throws InterruptedException {
    EventLog small = holding(3);
    Cursor cursor = small.from(1);
    small.append(Numbered.events(1, 2));
    take(cursor, ALL);
    appendEach(small, 3, 10);
    assertEquals(List.of("7=lost 3..7 (5)", "8=net:8"), take(cursor, 2));
    assertEquals(List.of("9=net:9", "10=net:10"), take(cursor, ALL));
  }

  @Test
  void lossIsSaidInTheStreamOfTheLogAtTheTimeItIsFound() throws InterruptedException {
    EventLog small = holding(1);
    appendEach(small, 1, 2);
    Entry entry = small.from(1).take(1).orElseThrow().getFirst();
    EventsLost lost = assertInstanceOf(EventsLost.class, entry.event());
    assertEquals(EventsLost.Where.LOG, lost.where());
    assertEquals(Numbered.NOW, lost.sighting().time());
  }

  @Test
  void whoeverGoesOnAfterTheLossMissesNothingMore() throws InterruptedException {
    EventLog small = holding(3);
    appendEach(small, 1, 10);
    long seq = small.from(1).take(1).orElseThrow().getFirst().seq();
    assertEquals(List.of("8=net:8", "9=net:9", "10=net:10"), take(small.from(seq + 1), ALL));
  }

  @Test
  void boundIsHeldThroughAnyNumberOfEvents() throws InterruptedException {
    EventLog small = holding(5000);
    for (int first = 1; first < 200_000; first += 1000) {
      small.append(Numbered.events(first, first + 999));
    }
    List<Entry> entries = small.from(1).take(ALL).orElseThrow();
    assertEquals("195000=lost 1..195000 (195000)", Numbered.of(entries).getFirst());
    assertEquals(5001, entries.size());
  }

  @Test
  void growthKeepsEveryEntryInItsPlace() throws InterruptedException {
    EventLog large = holding(10_000);
    large.append(Numbered.events(1, 700));
    EventLog moved = holding(1500);
    moved.append(Numbered.events(1, 2500));
    large.append(Numbered.events(701, 9000));
    assertEquals(Numbered.events(1, 9000).size(), large.from(1).take(ALL).orElseThrow().size());
    List<String> kept = take(moved.from(1001), ALL);
    assertEquals("1001=net:1001", kept.getFirst());
    assertEquals("2500=net:2500", kept.getLast());
    assertEquals(1500, kept.size());
  }

  @Test
  void growthKeepsEveryEntryInItsPlaceWhereverTheLogHasMovedTo() throws InterruptedException {
    EventLog small = holding(11);
    appendEach(small, 1, 1500);
    small.append(Numbered.events(1501, 4500));
    List<String> expected =
        LongStream.rangeClosed(1501, 4500).mapToObj(seq -> seq + "=net:" + seq).toList();
    assertEquals(expected, take(small.from(1501), ALL));
  }

  @Test
  void newestEventIsKeptHoweverLargeItIs() throws InterruptedException {
    EventLog tiny = new EventLog("stream", 1, InstantSource.fixed(Numbered.NOW));
    appendEach(tiny, 1, 3);
    assertEquals(List.of("2=lost 1..2 (2)", "3=net:3"), take(tiny.from(1), ALL));
  }

  @Test
  void whatWasAppendedLastIsKeptWholeUntilMoreComes() throws InterruptedException {
    EventLog small = holding(3);
    small.append(Numbered.events(1, 10));
    Cursor cursor = small.from(1);
    assertEquals(Numbered.of(small.from(1).take(ALL).orElseThrow()).size(), 10);
    small.append(Numbered.events(11, 11));
    assertEquals("8=lost 1..8 (8)", take(cursor, 1).getFirst());
  }

  @Test
  void entrySaysWhatItIsWithoutReadingItsEvent() throws InterruptedException {
    log.append(Numbered.events(1, 1));
    Entry entry = log.from(1).take(1).orElseThrow().getFirst();
    assertEquals(Kind.NAMESPACE_CREATED, entry.kind());
    assertEquals(Numbered.NOW, entry.time());
    assertEquals("1 namespace-created", entry.toString());
    assertEquals("stream", log.stream());
  }

  @Test
  void entryHasItsRecordOnceItIsWrittenDown() throws InterruptedException {
    log.append(Numbered.events(1, 1));
    Entry entry = log.from(1).take(1).orElseThrow().getFirst();
    assertEquals(Optional.empty(), entry.json());
    byte[] record = {'{', '}'};
    entry.writtenAs(record);
    assertSame(record, log.from(1).take(1).orElseThrow().getFirst().json().orElseThrow());
  }

  /// What one thread does must not keep the others out of the log.
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5})
  void noCallKeepsTheLogToItself(int call) throws InterruptedException {
    log.append(Numbered.events(1, 1));
    switch (call) {
      case 0 -> log.append(Numbered.events(2, 2));
      case 1 -> log.unkept();
      case 2 -> log.keptBelow(Long.MAX_VALUE);
      case 3 -> assertEquals(2, log.nextSeq());
      case 4 -> log.from(1).take(1);
      default -> log.close();
    }
    CompletableFuture<Optional<List<Entry>>> other =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return log.from(1).take(1, Duration.ZERO);
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    await().until(other::isDone);
    assertEquals(List.of("1=net:1"), Numbered.of(other.join().orElseThrow()));
  }

  private static void appendEach(EventLog log, int first, int last) {
    for (int i = first; i <= last; i++) {
      log.append(Numbered.events(i, i));
    }
  }

  /// Returns when the reader waits.
  private static CompletableFuture<List<String>> takeInBackground(Cursor cursor) {
    CompletableFuture<List<String>> taken = new CompletableFuture<>();
    Thread reader =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    taken.complete(cursor.take(ALL).map(Numbered::of).orElse(List.of("end")));
                  } catch (InterruptedException e) {
                    taken.completeExceptionally(e);
                  }
                });
    await().until(() -> reader.getState() == State.TIMED_WAITING);
    return taken;
  }
}
