package dev.nsmon.journal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nsmon.event.Kind;
import dev.nsmon.event.NamespaceEvent.EventsLost;
import dev.nsmon.format.Host;
import dev.nsmon.format.JsonFormat;
import dev.nsmon.log.Entry;
import dev.nsmon.log.EventLog;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {
  private static final long MEMORY = 64 << 20;

  @TempDir Path directory;
  private Path file;

  @BeforeEach
  void name() {
    file = directory.resolve("state/nsmon/journal.db");
  }

  @Test
  void whatWasToldIsThereAfterRestartByteForByte() throws IOException, InterruptedException {
    String stream;
    try (Life life = new Life(file)) {
      stream = life.journal.stream();
      life.tell(100);
      life.kept(1);
      life.journal.cursor("kafka", 42);
    }
    try (Life life = new Life(file)) {
      assertEquals(List.of(), life.remarks);
      assertEquals(101, life.journal.nextSeq());
      assertEquals(stream, life.journal.stream());
      assertEquals(OptionalLong.of(42), life.journal.cursor("kafka"));
      assertEquals(OptionalLong.empty(), life.journal.cursor("other"));
      life.tell(5);
      List<Entry> entries = life.kept(1);
      assertEquals(105, entries.size());
      for (int i = 0; i < 100; i++) {
        assertEquals(i + 1, entries.get(i).seq());
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        new JsonFormat(Life.HOST, stream).write(i + 1, Life.event(i + 1), line);
        byte[] expected = line.toByteArray();
        byte[] json = entries.get(i).json().orElseThrow();
        assertArrayEquals(Arrays.copyOf(expected, expected.length - 1), json);
        assertEquals(Life.event(i + 1).kind(), entries.get(i).event().kind());
      }
    }
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    assertEquals(
        "rwx------",
        PosixFilePermissions.toString(Files.getPosixFilePermissions(file.getParent())));
  }

  @Test
  void stateIsThatOfTheLastEvent() throws InterruptedException {
    String expected;
    try (Life life = new Life(file)) {
      life.tell(45_001);
      life.kept(1);
      expected = Life.shown(life.state());
      life.journal.looked(Life.BEGIN.plus(Duration.ofDays(1)));
    }
    try (Life life = new Life(file)) {
      LastState last = life.journal.lastState().orElseThrow();
      assertEquals(expected, Life.shown(last.state()));
      assertEquals("boot-1", last.bootId());
      assertEquals(1, last.run());
      assertEquals(Life.BEGIN.plus(Duration.ofDays(1)), last.time());
    }
  }

  @Test
  void pastIsReadWhileItIsWritten() throws IOException, InterruptedException {
    try (Life life = new Life(file)) {
      life.tell(30_000);
      life.kept(1);
      try (JournalReader reader = JournalReader.open(file)) {
        List<Long> seqs = new ArrayList<>();
        reader.events(
            Life.BEGIN.plusMillis(500), Life.BEGIN.plusMillis(2500), e -> seqs.add(e.seq()));
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

  @Test
  void powerFailureSkipsNumbersAndLogSaysSo() throws Exception {
    Host rebooted = new Host("alpha", Life.HOST.id(), "boot-2");
    try (Life life = new Life(file)) {
      life.tell(10);
      life.kept(1);
      copy("copy.db");
    }
    Path copy = directory.resolve("copy.db");
    try (Life life =
        new Life(new JournalSettings(copy), rebooted, InstantSource.system(), MEMORY)) {
      assertEquals(100_011, life.journal.nextSeq());
      life.tell(1);
      List<Entry> entries = life.kept(10);
      assertEquals(List.of(10L, 100_010L, 100_011L), entries.stream().map(Entry::seq).toList());
      EventsLost lost = (EventsLost) entries.get(1).event();
      assertEquals(OptionalLong.of(11), lost.first());
    }
    try (Life life = new Life(copy)) {
      assertEquals(100_012, life.journal.nextSeq(), "it ended in order");
    }
  }

  private void copy(String name) throws IOException {
    for (String part : List.of("", "-wal", "-shm")) {
      Files.copy(file.resolveSibling("journal.db" + part), directory.resolve(name + part));
    }
  }

  @Test
  void memoryIsSmallerThanTheBacklog() throws InterruptedException {
    try (Life life =
        new Life(new JournalSettings(file), Life.HOST, InstantSource.system(), 256 << 10)) {
      for (int i = 0; i < 100; i++) {
        life.tell(200);
        life.kept(life.log.nextSeq() - 1);
      }
      List<Entry> entries = life.kept(1);
      assertEquals(20_000, entries.size());
      assertEquals(0, entries.stream().filter(e -> e.kind() == Kind.EVENTS_LOST).count());
    }
  }

  @Test
  void sizeIsKeptAndOldestGo() throws IOException, InterruptedException {
    JournalSettings settings = new JournalSettings(file, 4 << 20, Duration.ofDays(7));
    AtomicLong largest = new AtomicLong();
    try (Life life = new Life(settings, Life.HOST, InstantSource.system(), 256 << 10)) {
      for (int i = 0; i < 60; i++) {
        life.tell(1000);
        life.kept(life.log.nextSeq() - 1);
        long size = Files.size(file) + Files.size(JournalFile.wal(file));
        largest.accumulateAndGet(size, Math::max);
      }
      assertTrue(largest.get() <= settings.maxBytes(), () -> "grew to " + largest);
      assertTrue(largest.get() >= settings.maxBytes() / 2, () -> "only " + largest);
      List<Entry> entries = life.kept(1);
      assertEquals(Kind.EVENTS_LOST, entries.getFirst().kind());
      assertEquals(60_000, entries.getLast().seq());
      assertTrue(entries.size() > 2000, () -> "left: " + entries.size());
    }
    try (Life life = new Life(file)) {
      assertEquals(60_001, life.journal.nextSeq());
      assertTrue(life.journal.lastState().isPresent());
    }
  }

  @Test
  void oldGo() throws InterruptedException {
    JournalSettings settings = new JournalSettings(file, 64 << 20, Duration.ofMinutes(1));
    AtomicLong later = new AtomicLong();
    try (Life life =
        new Life(settings, Life.HOST, () -> Life.BEGIN.plusMillis(later.get()), MEMORY)) {
      life.tell(30_000);
      life.kept(1);
      later.set(70_000);
      Awaitility.await()
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(() -> assertEquals(10_000, life.journal.read(1, 1).getFirst().seq()));
    }
    try (Life life = new Life(settings, Life.HOST, () -> Instant.EPOCH, MEMORY)) {
      assertEquals(30_001, life.journal.nextSeq());
      assertTrue(life.journal.lastState().isPresent());
    }
  }

  @Test
  void manyReadWhileItIsWritten() throws Exception {
    List<Throwable> failures = new CopyOnWriteArrayList<>();
    try (Life life =
        new Life(new JournalSettings(file), Life.HOST, InstantSource.system(), 1 << 20)) {
      List<Thread> readers = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        readers.add(
            Thread.ofPlatform()
                .start(
                    () -> {
                      try {
                        EventLog.Cursor cursor = life.log.from(1);
                        long next = 1;
                        while (next <= 40_000) {
                          for (Entry entry : cursor.take(300).orElseThrow()) {
                            assertEquals(next++, entry.seq());
                            assertEquals(Life.event(entry.seq()).kind(), entry.event().kind());
                          }
                        }
                      } catch (InterruptedException | RuntimeException | Error e) {
                        failures.add(e);
                      }
                    }));
      }
      for (int i = 0; i < 400; i++) {
        life.tell(100);
        life.kept(life.log.nextSeq() - 1);
      }
      for (Thread reader : readers) {
        assertTrue(reader.join(Duration.ofSeconds(30)));
      }
      assertEquals(List.of(), failures);
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
