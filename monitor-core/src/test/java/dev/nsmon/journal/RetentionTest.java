package dev.nsmon.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nsmon.format.JsonFormat;
import dev.nsmon.log.Entry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is too old goes, a piece at a time, and never what the present state is known by.
final class RetentionTest {
  private static final Duration AGE = Duration.ofMinutes(1);
  private static final int PIECE = 2000;
  private static final long EVENTS = 5 * PIECE;

  @TempDir Path directory;
  private final RecordEncoder encoder = new RecordEncoder(new JsonFormat(Life.HOST, "stream"));

  /// What the clock moves on each time it is read.
  private final AtomicLong step = new AtomicLong();

  private final AtomicLong nanos = new AtomicLong();
  private Database database;
  private Retention retention;

  @BeforeEach
  void aJournalWithEvents() throws Exception {
    JournalSettings settings = new JournalSettings(directory.resolve("journal.db"), 64 << 20, AGE);
    Connections.loadNative();
    database =
        Database.open(
            settings.file(), Retention.walPages(settings), new Rows(() -> Life.BEGIN), "stream");
    database.begin();
    database.runs().begin(Life.HOST, 1, Life.BEGIN);
    // One for each millisecond.
    List<Entry> entries =
        LongStream.rangeClosed(1, EVENTS).mapToObj(seq -> new Entry(seq, Life.event(seq))).toList();
    database.insert(entries, encoder);
    database.commit();
    retention = new Retention(database, settings, () -> nanos.addAndGet(step.get()));
  }

  @AfterEach
  void close() {
    database.close();
  }

  /// When all before this number is too old, and it is not.
  private static Instant tooOldBelow(long seq) {
    return Life.BEGIN.plusMillis(seq).plus(AGE);
  }

  private long oldest() throws Exception {
    return database.number("SELECT min(seq) FROM events");
  }

  @Test
  void withoutACheckpointNothingGoes() throws Exception {
    retention.age(tooOldBelow(EVENTS));
    assertEquals(1, oldest());
  }

  @Test
  void whatIsTooOldGoesAndNoMore() throws Exception {
    retention.checkpointed(EVENTS);
    retention.age(tooOldBelow(1));
    assertEquals(1, oldest());
    retention.age(tooOldBelow(3_500));
    assertEquals(3_500, oldest());
    retention.age(tooOldBelow(3_501));
    assertEquals(3_501, oldest());
  }

  @Test
  void whatTheNewestCheckpointDoesNotIncludeStays() throws Exception {
    retention.checkpointed(2_500);
    retention.age(tooOldBelow(EVENTS));
    assertEquals(2_501, oldest());
  }

  @Test
  void lastEventAlwaysStays() throws Exception {
    retention.checkpointed(EVENTS);
    retention.age(Life.BEGIN.plus(Duration.ofDays(365)));
    retention.age(Life.BEGIN.plus(Duration.ofDays(365)));
    assertEquals(EVENTS, oldest());
    assertEquals(EVENTS, database.last());
  }

  @Test
  void oneCallTakesTwentyMillisecondsAndTheRestIsForTheNext() throws Exception {
    retention.checkpointed(EVENTS);
    // Read at the beginning and before each piece: 10 ms for one, 20 ms end it.
    step.set(10_000_000);
    retention.age(tooOldBelow(EVENTS));
    assertEquals(PIECE + 1, oldest());
    retention.age(tooOldBelow(EVENTS));
    assertEquals(2 * PIECE + 1, oldest());
  }

  @Test
  void newerCheckpointIsWantedWhereTheLastIsInTheWayOfDeleting() throws Exception {
    assertTrue(retention.wantsCheckpoint());
    retention.checkpointed(2 * PIECE);
    assertTrue(retention.wantsCheckpoint());
    retention.checkpointed(2 * PIECE + 1);
    assertFalse(retention.wantsCheckpoint());
  }

  @Test
  void whileThereIsRoomNothingGoes() throws Exception {
    retention.checkpointed(EVENTS);
    retention.makeRoom();
    assertEquals(1, oldest());
  }
}
