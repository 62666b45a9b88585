package dev.nsmon.journal;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nsmon.log.EventLog;
import dev.nsmon.log.Present;
import dev.nsmon.namespace.Snapshot;
import dev.nsmon.testing.TestClock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A journal that can't be written is tried again every five seconds, by the clock.
final class JournalRetryTest {
  private static final Duration RETRY = Duration.ofSeconds(5);

  @TempDir Path directory;
  private final TestClock clock = new TestClock();
  private final List<String> remarks = new CopyOnWriteArrayList<>();

  @Test
  void itIsTriedEveryFiveSecondsAndKeepsWhatMemoryHolds() throws Exception {
    Path obstacle = Files.writeString(directory.resolve("kept"), "not a directory");
    Path file = obstacle.resolve("journal.db");
    try (Journal journal =
        Journal.open(new JournalSettings(file), Life.HOST, "stream", clock, remarks::add)) {
      assertEquals(1, remarks.size(), remarks::toString);
      assertTrue(remarks.getFirst().endsWith("(it is tried every 5 s)"), remarks::toString);
      assertTrue(journal.isFailing());
      EventLog log = EventLog.durable(journal.stream(), journal.nextSeq(), 1 << 20, clock, journal);
      journal.start(log, () -> new Present(0, Snapshot.EMPTY), false, Parent.NONE, _ -> {});
      assertEquals(RETRY, clock.awaitSleeper());
      log.append(List.of(Life.event(1), Life.event(2)));
      // Sinks wait for no try.
      EventLog.Cursor cursor = log.from(journal.place("file", journal.begin()));
      assertEquals(2, cursor.take(10, Duration.ZERO).orElseThrow().size());
      for (int i = 0; i < 3; i++) {
        clock.advance(RETRY);
        assertEquals(RETRY, clock.awaitSleeper());
        assertTrue(journal.isFailing());
      }
      assertEquals(1, remarks.size(), remarks::toString);

      Files.delete(obstacle);
      clock.advance(RETRY.minusNanos(1));
      assertEquals(Duration.ofNanos(1), clock.awaitSleeper());
      assertTrue(journal.isFailing());
      clock.advance(Duration.ofNanos(1));
      await().until(() -> remarks.size() == 2);
      assertEquals("journal " + file + " works again", remarks.getLast());
      assertFalse(journal.isFailing());
      log.close();
    }
    try (JournalReader reader = JournalReader.open(file, clock)) {
      List<Long> seqs = new CopyOnWriteArrayList<>();
      reader.events(Life.BEGIN, Life.BEGIN.plusSeconds(60), (_, entry) -> seqs.add(entry.seq()));
      assertEquals(List.of(1L, 2L), seqs);
    }
  }
}
