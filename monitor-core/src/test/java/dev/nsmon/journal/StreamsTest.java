package dev.nsmon.journal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nsmon.event.Kind;
import dev.nsmon.event.NamespaceEvent.EventsLost;
import dev.nsmon.format.JsonFormat;
import dev.nsmon.log.Entry;
import dev.nsmon.log.EventLog;
import dev.nsmon.namespace.HostClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A journal that another monitor has is taken when that one ends: the streams of both are in it
/// then, and what waits for a sink is delivered from both.
final class StreamsTest {
  private static final Duration RETRY = Duration.ofMillis(50);
  private static final long MEMORY = 64 << 20;

  /// Twenty times as fast, so that nobody waits for two seconds for the lock of another.
  private static final HostClock FAST =
      new HostClock() {
        @Override
        public Instant instant() {
          return Life.CLOCK.instant();
        }

        @Override
        public long nanoTime() {
          return 20 * Life.CLOCK.nanoTime();
        }
      };

  @TempDir Path directory;
  private Path file;

  @BeforeEach
  void name() {
    file = directory.resolve("journal.db");
  }

  private Life life(long memory) {
    return life(new JournalSettings(file), memory);
  }

  private static Life life(JournalSettings settings, long memory) {
    return new Life(settings, Life.HOST, FAST, memory, RETRY);
  }

  /// A journal with 100 events of one monitor, of which the sink "file" has 40 and "syslog" all,
  /// and 50 of a second one that was started while the first had it.
  private List<String> makeTwo() throws InterruptedException {
    Life first = life(MEMORY);
    try (Life second = life(MEMORY)) {
      String stream = first.journal.stream();
      first.tell(100);
      first.kept(1);
      first.journal.cursor("file", 41);
      first.journal.cursor("syslog", 101);
      second.tell(30);
      second.journal.cursor("file", 21);
      assertEquals(30, second.kept(1).size(), "nobody waits for the journal");
      assertTrue(second.journal.isFailing());
      assertTrue(second.journal.trouble().orElseThrow().contains("in use by another monitor"));
      first.close();
      second.awaitRemark("journal.db works again");
      assertFalse(second.journal.isFailing());
      assertEquals(2, second.remarks.size(), second.remarks::toString);
      second.tell(20);
      assertEquals(50, second.kept(1).size());
      return List.of(stream, second.journal.stream());
    } finally {
      first.close();
    }
  }

  private record Told(String stream, Entry entry) {
    @Override
    public String toString() {
      return stream + "/" + entry.seq() + (entry.kind() == Kind.EVENTS_LOST ? " lost" : "");
    }
  }

  private List<String> history() throws IOException {
    List<String> told = new ArrayList<>();
    try (JournalReader reader = JournalReader.open(file, Life.CLOCK)) {
      reader.events(
          Instant.MIN, Instant.MAX, (stream, one) -> told.add(new Told(stream, one).toString()));
    }
    return told;
  }

  private static List<String> told(String stream, long first, long last) {
    return LongStream.rangeClosed(first, last).mapToObj(seq -> stream + "/" + seq).toList();
  }

  private static List<Entry> rest(Backlog backlog, String sink) throws Exception {
    List<Entry> all = new ArrayList<>();
    EventLog.Cursor cursor = backlog.log().from(backlog.place(sink));
    for (var taken = cursor.take(30); taken.isPresent(); taken = cursor.take(30)) {
      all.addAll(taken.get());
    }
    return all;
  }

  @Test
  void bothStreamsAreThereInOrderUnderTheirOwnNumbers() throws Exception {
    List<String> streams = makeTwo();
    List<String> expected = new ArrayList<>(told(streams.getFirst(), 1, 100));
    expected.addAll(told(streams.getLast(), 1, 50));
    assertEquals(expected, history());
    // And as people read it.
    try (Connection connection = Connections.reader(file);
        Statement sql = connection.createStatement();
        var row =
            sql.executeQuery(
                "SELECT stream || '/' || seq, record ->> 'stream' || '/' || (record ->> 'seq')"
                    + " FROM readable ORDER BY key")) {
      for (String one : expected) {
        assertTrue(row.next());
        assertEquals(List.of(one, one), List.of(row.getString(1), row.getString(2)));
      }
    }
  }

  @Test
  void recordsOfTheSecondStreamAreAsTheyWereTold() throws Exception {
    List<String> streams = makeTwo();
    JsonFormat format = new JsonFormat(Life.HOST, streams.getLast());
    try (Life life = life(MEMORY)) {
      for (Entry entry : life.kept(1)) {
        assertEquals(
            new String(format.record(entry.seq(), Life.event(entry.seq())), UTF_8),
            new String(entry.json().orElseThrow(), UTF_8));
      }
    }
  }

  @Test
  void nextStartGoesOnWithTheNewestStream() throws Exception {
    List<String> streams = makeTwo();
    for (int run = 0; run < 2; run++) {
      try (Life life = life(MEMORY)) {
        assertEquals(List.of(), life.remarks);
        assertEquals(streams.getLast(), life.journal.stream());
        assertEquals(51 + run * 10, life.journal.nextSeq());
        assertEquals(OptionalLong.of(21), life.journal.cursor("file"));
        assertEquals(OptionalLong.empty(), life.journal.cursor("syslog"));
        assertEquals(1, life.journal.place("syslog", 99));
        life.tell(10);
        assertEquals(60 + run * 10, life.kept(1).size());
      }
    }
  }

  @Test
  void stateIsThatOfTheNewestStream() throws Exception {
    String expected;
    Life first = life(MEMORY);
    try (Life second = life(MEMORY)) {
      first.tell(101);
      first.kept(1);
      second.tell(9);
      first.close();
      second.awaitRemark("works again");
      second.kept(1);
      expected = Life.shown(second.state());
    } finally {
      first.close();
    }
    try (Life life = life(MEMORY)) {
      assertEquals(expected, Life.shown(life.journal.lastState().orElseThrow().state()));
    }
    // Also without a checkpoint, which dates all by its own time.
    change("DELETE FROM checkpoints");
    try (Life life = life(MEMORY)) {
      assertEquals(
          undated(expected), undated(Life.shown(life.journal.lastState().orElseThrow().state())));
    }
  }

  private static String undated(String state) {
    return state.replaceAll("(?m)^\\S+Z ", "");
  }

  @Test
  void whatWaitsInTheFirstStreamIsHandedOverAlsoAfterRestarts() throws Exception {
    List<String> streams = makeTwo();
    try (Life life = life(MEMORY)) {
      await().until(() -> life.backlogs.size() == 1);
      Backlog backlog = life.backlogs.getFirst();
      assertEquals(streams.getFirst(), backlog.stream());
      assertEquals(Life.HOST, backlog.host());
      assertEquals(101, backlog.log().nextSeq());
      assertEquals(
          LongStream.rangeClosed(41, 100).boxed().toList(),
          rest(backlog, "file").stream().map(Entry::seq).toList());
      assertEquals(List.of(), rest(backlog, "syslog"));
      // One that is not known gets all that there is.
      assertEquals(100, rest(backlog, "kafka").size());
      backlog.cursor("file", 90);
      backlog.cursor("kafka", 101);
    }
    try (Life life = life(MEMORY)) {
      await().until(() -> life.backlogs.size() == 1);
      Backlog backlog = life.backlogs.getFirst();
      assertEquals(90, backlog.place("file"));
      assertEquals(101, backlog.place("kafka"));
      assertEquals(OptionalLong.of(21), life.journal.cursor("file"));
    }
  }

  @Test
  void whatMemoryHasLostMeanwhileIsSaidOnce() throws Exception {
    Life first = life(MEMORY);
    List<Entry> kept;
    String stream;
    try (Life second = life(64 << 10)) {
      stream = second.journal.stream();
      first.tell(10);
      first.kept(1);
      for (int i = 0; i < 40; i++) {
        second.tell(50);
      }
      first.close();
      second.awaitRemark("works again");
      second.tell(10);
      kept = second.kept(1);
    } finally {
      first.close();
    }
    List<Entry> losses = kept.stream().filter(one -> one.kind() == Kind.EVENTS_LOST).toList();
    assertEquals(1, losses.size(), losses::toString);
    EventsLost lost = (EventsLost) losses.getFirst().event();
    assertEquals(OptionalLong.of(1), lost.first());
    assertEquals(lost.last(), lost.count());
    long gone = lost.count().orElseThrow();
    assertEquals(2010 - gone, kept.size() - 1);
    List<String> ofSecond = history().subList(10, 10 + kept.size());
    assertEquals(stream + "/" + gone + " lost", ofSecond.getFirst());
    assertEquals(told(stream, gone + 1, 2010), ofSecond.subList(1, ofSecond.size()));
    try (Life life = life(MEMORY)) {
      assertEquals(2011, life.journal.nextSeq());
      // Of the beginning nothing is known, but there was a checkpoint.
      assertTrue(life.journal.lastState().isPresent());
    }
    change("DELETE FROM checkpoints");
    try (Life life = life(MEMORY)) {
      assertTrue(life.journal.lastState().isEmpty());
    }
  }

  @Test
  void threeMonitorsTakeItOneAfterTheOther() throws Exception {
    Life first = life(MEMORY);
    Life second = life(MEMORY);
    List<String> streams = new ArrayList<>();
    try {
      first.tell(5);
      first.kept(1);
      second.tell(6);
      first.close();
      second.awaitRemark("works again");
      second.kept(1);
      try (Life third = life(MEMORY)) {
        third.tell(7);
        second.close();
        third.awaitRemark("works again");
        third.kept(1);
        await().until(() -> third.backlogs.size() == 2);
        streams.addAll(third.backlogs.stream().map(Backlog::stream).toList());
        streams.add(third.journal.stream());
        assertEquals(5, rest(third.backlogs.getFirst(), "x").size());
        assertEquals(6, rest(third.backlogs.getLast(), "x").size());
      }
    } finally {
      first.close();
      second.close();
    }
    List<String> expected = new ArrayList<>(told(streams.get(0), 1, 5));
    expected.addAll(told(streams.get(1), 1, 6));
    expected.addAll(told(streams.get(2), 1, 7));
    assertEquals(expected, history());
  }

  @Test
  void olderStreamIsDeletedFirstAndWhatWaitedInItIsLostByName() throws Exception {
    JournalSettings small = new JournalSettings(file, 4 << 20, Duration.ofDays(7));
    List<String> streams = makeTwo();
    try (Life life = life(small, 256 << 10)) {
      await().until(() -> life.backlogs.size() == 1);
      for (int i = 0; i < 20; i++) {
        life.tell(1000);
        life.kept(life.log.nextSeq() - 1);
      }
      assertEquals(List.of(streams.getLast()), texts("SELECT stream FROM streams"));
      assertEquals(List.of("file"), texts("SELECT name FROM cursors"));
      List<Entry> rest = rest(life.backlogs.getFirst(), "file");
      assertEquals(1, rest.size(), rest::toString);
      EventsLost lost = (EventsLost) rest.getFirst().event();
      assertEquals(
          List.of(41L, 100L, 60L),
          List.of(
              lost.first().orElseThrow(), lost.last().orElseThrow(), lost.count().orElseThrow()));
      // The sink's own note of it finds no stream any more.
      life.backlogs.getFirst().cursor("file", 101);
    }
    assertEquals(List.of("file"), texts("SELECT name FROM cursors"));
    try (Life life = life(small, MEMORY)) {
      assertEquals(streams.getLast(), life.journal.stream());
      assertEquals(20_051, life.journal.nextSeq());
      assertEquals(List.of(), life.backlogs);
    }
  }

  @Test
  void gapsAreThoseOfTheStream() throws Exception {
    List<String> streams = makeTwo();
    change("DELETE FROM events WHERE seq IN (99, 100, 101, 102, 120, 121)");
    List<String> told = history();
    List<String> expected = new ArrayList<>(told(streams.getFirst(), 1, 98));
    expected.addAll(told(streams.getLast(), 3, 19));
    expected.add(streams.getLast() + "/21 lost");
    expected.addAll(told(streams.getLast(), 22, 50));
    assertEquals(expected, told);
  }

  @Test
  void damagedRecordIsLostUnderTheNumberOfItsStream() throws Exception {
    List<String> streams = makeTwo();
    change("UPDATE events SET crc = crc + 1 WHERE seq IN (70, 130)");
    List<String> told = history();
    assertEquals(150, told.size());
    assertEquals(streams.getFirst() + "/70 lost", told.get(69));
    assertEquals(streams.getLast() + "/30 lost", told.get(129));
    try (Life life = life(MEMORY)) {
      await().until(() -> life.backlogs.size() == 1);
      Entry lost = rest(life.backlogs.getFirst(), "x").get(69);
      assertEquals(OptionalLong.of(70), ((EventsLost) lost.event()).first());
      assertEquals(30, life.kept(1).get(29).seq());
    }
  }

  /// Where it began is what all numbers of a stream depend on.
  @Test
  void damagedStreamIsDamage() throws Exception {
    List<String> streams = makeTwo();
    change("UPDATE streams SET first = 102 WHERE first = 101");
    IOException damaged = assertThrows(IOException.class, this::history);
    assertTrue(damaged.getMessage().contains("is damaged"), damaged::getMessage);
    try (Life life = life(MEMORY)) {
      assertTrue(life.journal.wasSetAside());
      assertFalse(streams.contains(life.journal.stream()));
    }
  }

  @Test
  void whoIsKilledRightAfterTakingItLeavesAStreamToGoOnWith() throws Exception {
    makeTwo();
    try (Connection connection = Connections.writer(file, 100)) {
      connection.setAutoCommit(false);
      Streams.write(connection, new Streams.One(151, "third"));
      try (Statement sql = connection.createStatement()) {
        sql.executeUpdate(
            "INSERT INTO runs SELECT max(run) + 1, 151, 0, NULL, NULL, 0, 'boot-1', host, NULL"
                + " FROM runs GROUP BY host");
      }
      connection.commit();
    }
    try (Life life = life(MEMORY)) {
      assertEquals("third", life.journal.stream());
      assertEquals(1, life.journal.nextSeq());
      // It has to tell what there is, and not what has changed since somebody else's last event.
      assertTrue(life.journal.lastState().isEmpty());
      await().until(() -> life.backlogs.size() == 2);
      life.tell(4);
      assertEquals(4, life.kept(1).size());
    }
    assertEquals(154, history().size());
  }

  @Test
  void newerVersionIsLeftAloneForGood() throws Exception {
    makeTwo();
    change("PRAGMA user_version = 99");
    byte[] before = Files.readAllBytes(file);
    try (Life life = life(MEMORY)) {
      assertTrue(life.journal.isOutOfUse());
      assertTrue(life.remarks.getFirst().endsWith("goes on without a journal"));
      life.tell(3);
      assertEquals(3, life.kept(1).size());
    }
    assertEquals(List.of(before.length, 0L), List.of((int) Files.size(file), 0L));
  }

  private void change(String statement) throws Exception {
    try (Connection connection = Connections.writer(file, 100);
        Statement sql = connection.createStatement()) {
      sql.executeUpdate(statement);
    }
  }

  private List<String> texts(String query) throws Exception {
    List<String> texts = new ArrayList<>();
    try (Connection connection = Connections.reader(file);
        Statement sql = connection.createStatement();
        var row = sql.executeQuery(query)) {
      while (row.next()) {
        texts.add(row.getString(1));
      }
    }
    return texts;
  }
}
