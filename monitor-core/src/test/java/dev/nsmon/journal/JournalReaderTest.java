package dev.nsmon.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nsmon.event.NamespaceEvent.EventsLost;
import dev.nsmon.log.Entry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Properties;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.JDBC;

/// A journal tells the past to those who only read it, by time.
class JournalReaderTest {
  private static final Duration HOUR = Duration.ofHours(1);

  @TempDir Path directory;
  private Path file;

  @BeforeEach
  void name() {
    file = directory.resolve("journal.db");
  }

  @Test
  void pastIsReadWhileItIsWritten() throws IOException, InterruptedException {
    try (Life life = new Life(file)) {
      life.tell(30_000);
      life.kept(1);
      try (JournalReader reader = JournalReader.open(file, Life.CLOCK)) {
        List<Long> seqs = new ArrayList<>();
        reader.events(
            Life.BEGIN.plusMillis(500), Life.BEGIN.plusMillis(2500), (_, e) -> seqs.add(e.seq()));
        assertEquals(2000, seqs.size());
        assertEquals(500, seqs.getFirst());
        assertEquals(Life.BEGIN.plusMillis(1), reader.oldest().orElseThrow());
        assertEquals(Life.HOST, reader.host().orElseThrow());
        // After event 4 * n + 1 exactly one namespace is there, and somebody is in it.
        LastState at = reader.stateAt(Life.BEGIN.plusMillis(20_001)).orElseThrow();
        assertEquals(Life.BEGIN.plusMillis(20_001), at.time());
        assertEquals(1, at.state().members("net:6000").size());
        assertTrue(reader.stateAt(Life.BEGIN).isEmpty());
      }
    }
  }

  /// As many events, from this time on; a tenth of a second from one to the next.
  private static void tellFrom(Life life, Instant begin, int count) {
    for (int i = 0; i < count; i++) {
      life.tell(begin.plusMillis(100L * i));
    }
  }

  private static List<Long> seqs(JournalReader reader, Instant since, Instant until)
      throws IOException {
    List<Long> seqs = new ArrayList<>();
    reader.events(since, until, (_, entry) -> seqs.add(entry.seq()));
    return seqs;
  }

  /// When the stretch began that this event is of.
  private static Instant begin(long seq) {
    return Life.BEGIN.plus(HOUR.multipliedBy(seq <= 1000 ? 1 : seq <= 2000 ? -1 : 0));
  }

  /// 1 to 1000 from 13:00 on, 1001 to 2000 from 11:00 on, 2001 to 3000 from 12:00 on, the last of
  /// which are of another run.
  private void tellWithTheClockSet(Path to) throws InterruptedException {
    try (Life life = new Life(to)) {
      tellFrom(life, begin(1), 1000);
      tellFrom(life, begin(1001), 1000);
      tellFrom(life, begin(2001), 500);
      life.kept(1);
    }
    try (Life life = new Life(to)) {
      tellFrom(life, begin(2501).plusSeconds(50), 500);
      life.kept(1);
    }
  }

  @Test
  void clockThatWasSetBackHidesNothing() throws Exception {
    tellWithTheClockSet(file);
    try (JournalReader reader = JournalReader.open(file, Life.CLOCK)) {
      for (int from : List.of(1, 1001, 2001)) {
        Instant begin = begin(from);
        List<Long> wanted = LongStream.range(from + 100, from + 900).boxed().toList();
        assertEquals(
            wanted,
            seqs(reader, begin.plusMillis(10_000), begin.plusMillis(90_000)),
            "from " + from);
      }
      assertEquals(3000, seqs(reader, Instant.MIN, Instant.MAX).size());
      assertEquals(2000, seqs(reader, Life.BEGIN, Instant.MAX).size());
      assertEquals(2000, seqs(reader, Instant.MIN, Life.BEGIN.plus(HOUR)).size());
      assertEquals(List.of(), seqs(reader, Life.BEGIN.plus(HOUR.multipliedBy(2)), Instant.MAX));
    }
  }

  @Test
  void ofTimesOfTheSameNameTheStateIsThatOfTheNewest() throws Exception {
    tellWithTheClockSet(file);
    try (JournalReader reader = JournalReader.open(file, Life.CLOCK)) {
      // Event 4 * n + 1 is the join: then exactly one namespace is there.
      for (long seq : List.of(101L, 1101L, 2101L, 2701L)) {
        long inHour = (seq - 1) % 1000;
        Instant begin = begin(seq);
        LastState at = reader.stateAt(begin.plusMillis(100 * inHour)).orElseThrow();
        assertEquals(1, at.state().members("net:" + (1000 + seq / 4)).size(), "event " + seq);
        assertEquals(seq < 2500 ? 1 : 2, at.run());
      }
      // Between two stretches of time, what was last before.
      LastState between = reader.stateAt(begin(1001).plusSeconds(1800)).orElseThrow();
      assertEquals(begin(1001).plusMillis(99_900), between.time());
      assertTrue(reader.stateAt(Life.BEGIN.minus(HOUR.multipliedBy(2))).isEmpty());
    }
  }

  @Test
  void whatIsALittleOutOfOrderIsFound() throws Exception {
    try (Life life = new Life(file)) {
      for (int i = 0; i < 2000; i++) {
        life.tell(Life.BEGIN.plusSeconds(i).minusSeconds(i % 7 == 0 ? 50 : 0));
      }
      life.kept(1);
    }
    try (JournalReader reader = JournalReader.open(file, Life.CLOCK)) {
      for (int from = 100; from < 1800; from += 13) {
        Instant since = Life.BEGIN.plusSeconds(from);
        List<Long> wanted = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
          Instant time = Life.BEGIN.plusSeconds(i).minusSeconds(i % 7 == 0 ? 50 : 0);
          if (!time.isBefore(since) && time.isBefore(since.plusSeconds(20))) {
            wanted.add(i + 1L);
          }
        }
        assertEquals(wanted, seqs(reader, since, since.plusSeconds(20)));
      }
    }
  }

  @Test
  void gapIsToldAndNotBeforeTheBeginning() throws Exception {
    try (Life life = new Life(file)) {
      life.tell(100);
      life.kept(1);
    }
    try (Connection connection = Connections.writer(file, 100);
        Statement sql = connection.createStatement()) {
      sql.executeUpdate("DELETE FROM events WHERE seq < 10 OR seq BETWEEN 40 AND 49");
    }
    try (JournalReader reader = JournalReader.open(file, Life.CLOCK)) {
      List<Entry> entries = new ArrayList<>();
      reader.events(Instant.MIN, Instant.MAX, (_, entry) -> entries.add(entry));
      assertEquals(82, entries.size());
      assertEquals(10, entries.getFirst().seq());
      EventsLost lost = (EventsLost) entries.get(30).event();
      assertEquals(OptionalLong.of(40), lost.first());
      assertEquals(OptionalLong.of(49), lost.last());
    }
  }

  @Test
  void whatCanNotBeReadIsSaidInOneLine() throws Exception {
    Path letter = Files.writeString(directory.resolve("letter.txt"), "Dear all,\n");
    Path other = directory.resolve("other.db");
    try (Connection connection = JDBC.createConnection("jdbc:sqlite:" + other, new Properties());
        Statement sql = connection.createStatement()) {
      sql.executeUpdate("CREATE TABLE songs(name TEXT)");
    }
    Map<Path, String> wrong =
        Map.of(
            directory.resolve("none.db"),
            "there is no journal " + directory.resolve("none.db"),
            letter,
            letter + " is not a journal",
            directory,
            directory + " is not a journal",
            other,
            "the journal " + other + " is no journal, or is damaged (it has no journal's mark)");
    for (Map.Entry<Path, String> one : wrong.entrySet()) {
      IOException e =
          assertThrows(IOException.class, () -> JournalReader.open(one.getKey(), Life.CLOCK));
      assertEquals(one.getValue(), e.getMessage());
    }
  }

  @Test
  void peopleCanReadIt() throws Exception {
    try (Life life = new Life(file)) {
      life.tell(3);
      life.kept(1);
    }
    assertFalse(Files.exists(JournalFile.wal(file)), "nothing is left beside it");
    try (Connection connection = Connections.reader(file);
        Statement sql = connection.createStatement();
        ResultSet row =
            sql.executeQuery(
                "SELECT seq, time, kind, record ->> 'host' ->> 'name', typeof(record) FROM"
                    + " readable")) {
      assertTrue(row.next());
      assertEquals(1, row.getLong(1));
      assertEquals("2026-11-23T12:00:00.001Z", row.getString(2));
      assertEquals("process-joined", row.getString(3));
      assertEquals("alpha", row.getString(4));
      assertEquals("text", row.getString(5));
    }
    try (Connection connection = Connections.reader(file)) {
      assertEquals(
          1, Schema.number(connection, "SELECT kind FROM kinds WHERE name = 'namespace-created'"));
      assertEquals(
          6, Schema.number(connection, "SELECT kind FROM kinds WHERE name = 'events-lost'"));
      assertEquals(1, Schema.number(connection, "SELECT count(ended) FROM runs"));
    }
  }
}
