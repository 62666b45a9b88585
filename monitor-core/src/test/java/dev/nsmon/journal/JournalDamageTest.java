package dev.nsmon.journal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nsmon.event.Kind;
import dev.nsmon.event.NamespaceEvent.EventsLost;
import dev.nsmon.log.Entry;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A journal that was harmed is never a reason to fail, and never tells what did not happen.
class JournalDamageTest {
  private static final int EVENTS = 2000;
  private static final int TRIES = 60;

  @TempDir Path directory;
  private final Map<Long, byte[]> truth = new HashMap<>();
  private Path intact;

  /// One with most of it in the file and the rest in the log of pages, as `kill -9` leaves it.
  @BeforeEach
  void makeOne() throws Exception {
    Path file = directory.resolve("made.db");
    intact = directory.resolve("intact.db");
    try (Life life = new Life(file)) {
      life.tell(EVENTS / 2);
      for (Entry entry : life.kept(1)) {
        assertFalse(entry.kind().isControl());
      }
    }
    try (Life life = new Life(file)) {
      life.tell(EVENTS / 2);
      life.kept(1);
      for (Entry entry : life.journal.read(1, EVENTS)) {
        truth.put(entry.seq(), entry.json().orElseThrow());
      }
      assertEquals(EVENTS, truth.size());
      copy(file, intact);
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    for (String part : List.of("", "-wal", ".lock")) {
      Files.copy(
          from.resolveSibling(from.getFileName() + part),
          to.resolveSibling(to.getFileName() + part));
    }
  }

  private interface Harm {
    void to(RandomAccessFile file, Random random) throws IOException;
  }

  private void harm(String part, Harm harm) throws IOException {
    long seed = System.nanoTime();
    int setAside = 0;
    for (int i = 0; i < TRIES; i++) {
      Random random = new Random(seed + i);
      String of = "seed " + (seed + i) + " ";
      Path file = Files.createDirectory(directory.resolve("try" + i)).resolve("journal.db");
      copy(intact, file);
      try (RandomAccessFile bytes =
          new RandomAccessFile(file.resolveSibling("journal.db" + part).toFile(), "rw")) {
        harm.to(bytes, random);
      }
      List<String> remarks = new ArrayList<>();
      try (Journal journal =
          Journal.open(new JournalSettings(file), Life.HOST, "new", Life.CLOCK, remarks::add)) {
        assertFalse(journal.isFailing(), () -> of + remarks);
        assertEquals(journal.wasSetAside() ? 1 : 0, remarks.size(), () -> of + remarks);
        setAside += journal.wasSetAside() ? 1 : 0;
        if (journal.wasSetAside()) {
          assertEquals(1, journal.nextSeq(), of);
          assertEquals("new", journal.stream(), of);
        } else {
          assertTrue(journal.nextSeq() > EVENTS, () -> of + journal.nextSeq());
        }
        read(journal, of);
      }
      try (Stream<Path> made = Files.list(file.getParent())) {
        for (Path each : made.toList()) {
          Files.delete(each);
        }
      }
    }
    System.out.println("of " + TRIES + " with harm to '" + part + "' set aside: " + setAside);
  }

  private void read(Journal journal, String of) {
    long next = 1;
    try {
      for (List<Entry> entries = journal.read(next, 700);
          !entries.isEmpty();
          entries = journal.read(next, 700)) {
        for (Entry entry : entries) {
          assertTrue(entry.seq() >= next, of);
          // What the damage took is one record, which the journal itself may have.
          if (entry.kind() == Kind.EVENTS_LOST && entry.event() instanceof EventsLost lost) {
            assertEquals(next, lost.first().orElseThrow(), of);
            assertEquals(entry.seq(), lost.last().orElseThrow(), of);
          } else {
            assertArrayEquals(truth.get(entry.seq()), entry.json().orElseThrow(), of);
          }
          next = entry.seq() + 1;
        }
      }
    } catch (IOException e) {
      assertTrue(e.getMessage().contains("is damaged"), () -> of + e);
    }
  }

  private static void cut(RandomAccessFile file, Random random) throws IOException {
    file.setLength(random.nextLong(file.length()));
  }

  private static void flip(RandomAccessFile file, Random random) throws IOException {
    long at = random.nextLong(random.nextInt(4) == 0 ? 200 : file.length());
    file.seek(at);
    int was = file.read();
    file.seek(at);
    file.write(was ^ (1 << random.nextInt(8)));
  }

  @Test
  void truncatedFile() throws IOException {
    harm("", JournalDamageTest::cut);
  }

  @Test
  void flippedBitInFile() throws IOException {
    harm("", JournalDamageTest::flip);
  }

  @Test
  void truncatedLogOfPages() throws IOException {
    harm("-wal", JournalDamageTest::cut);
  }

  @Test
  void flippedBitInLogOfPages() throws IOException {
    harm("-wal", JournalDamageTest::flip);
  }

  @Test
  void damageThatAReaderMeetsBeginsANewFileOfTheSameStream() throws Exception {
    Path file = directory.resolve("met.db");
    Files.copy(directory.resolve("made.db"), file);
    try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
      for (long page = 20; page < 60; page++) {
        bytes.seek(page * Schema.PAGE_BYTES);
        bytes.write(new byte[16]);
      }
    }
    Files.copy(directory.resolve("made.db.lock"), directory.resolve("met.db.lock"));
    try (Life life = new Life(file)) {
      String stream = life.journal.stream();
      assertEquals(EVENTS + 1, life.journal.nextSeq());
      life.tell(10);
      life.log.from(1).take(2000);
      life.awaitRemark("a new one is begun");
      assertTrue(life.journal.wasSetAside());
      life.tell(10);
      List<Entry> entries = life.kept(EVENTS + 11);
      assertEquals(EVENTS + 20, entries.getLast().seq());
      Awaitility.await()
          .untilAsserted(
              () -> assertEquals(EVENTS + 20, life.journal.read(EVENTS + 20, 1).getFirst().seq()));
      assertEquals(stream, life.journal.stream());
    }
  }

  @Test
  void whatIsNoJournalIsLeftAlone() throws IOException {
    Path file = directory.resolve("letter.txt");
    Files.writeString(file, "Dear all,\n");
    List<String> remarks = new ArrayList<>();
    try (Journal journal =
        Journal.open(new JournalSettings(file), Life.HOST, "new", Life.CLOCK, remarks::add)) {
      assertTrue(journal.isOutOfUse());
    }
    assertEquals("Dear all,\n", Files.readString(file));
    assertEquals(1, remarks.size());
  }

  @Test
  void newerSchemaIsLeftAlone() throws Exception {
    Path file = directory.resolve("made.db");
    try (var connection = Connections.writer(file, 100);
        var sql = connection.createStatement()) {
      sql.executeUpdate("PRAGMA user_version = " + (Schema.VERSION + 1));
    }
    Map<String, String> before = contents();
    List<String> remarks = new ArrayList<>();
    try (Journal journal =
        Journal.open(
            new JournalSettings(file),
            Life.HOST,
            "new",
            Life.clock(() -> Instant.EPOCH),
            remarks::add)) {
      assertTrue(journal.isOutOfUse());
    }
    assertTrue(remarks.getFirst().contains("was written by a newer version of nsmon"));
    assertEquals(before, contents());
    IOException refused =
        assertThrows(IOException.class, () -> JournalReader.open(file, InstantSource.system()));
    assertTrue(refused.getMessage().contains("was written by a newer version of nsmon"));
    assertEquals(before, contents());
  }

  /// By name, the length and the checksum of each file in the directory.
  private Map<String, String> contents() throws IOException {
    Map<String, String> contents = new TreeMap<>();
    try (Stream<Path> files = Files.list(directory)) {
      for (Path one : files.toList()) {
        byte[] bytes = Files.readAllBytes(one);
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        contents.put(one.getFileName().toString(), bytes.length + " " + crc.getValue());
      }
    }
    return contents;
  }
}
