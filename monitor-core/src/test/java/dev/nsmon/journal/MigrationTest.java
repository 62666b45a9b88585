package dev.nsmon.journal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nsmon.event.Kind;
import dev.nsmon.event.NamespaceEvent.Other;
import dev.nsmon.format.JsonFormat;
import dev.nsmon.log.Entry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A journal of an older schema is read as it is, and brought to the present one by the monitor
/// that goes on with it. The files were made by those versions and never change. That of nsmon 0.1
/// has 92 events of three runs; that of schema 2 has 74 of three, with numbers that were passed
/// over.
final class MigrationTest {
  private static final int EVENTS = 92;

  @TempDir private Path directory;
  private Path file;

  @BeforeEach
  void copy() throws IOException {
    file = directory.resolve("journal.db");
    try (InputStream in = getClass().getResourceAsStream("/dev/nsmon/v0_1/journal-0.1.db")) {
      Files.copy(in, file);
    }
  }

  private List<Entry> history() throws IOException {
    List<Entry> entries = new ArrayList<>();
    try (JournalReader reader = JournalReader.open(file, InstantSource.system())) {
      reader.events(Instant.MIN, Instant.MAX, (_, entry) -> entries.add(entry));
    }
    return entries;
  }

  private String stream() throws IOException {
    try (JournalReader reader = JournalReader.open(file, InstantSource.system())) {
      return reader.stream();
    }
  }

  private long version() throws SQLException {
    Connection connection = Connections.reader(file);
    try {
      return Schema.number(connection, "PRAGMA user_version");
    } finally {
      Connections.closeQuietly(connection);
    }
  }

  @Test
  void historyReadsItAndChangesNothing() throws Exception {
    byte[] before = Files.readAllBytes(file);
    List<Entry> entries = history();
    JsonFormat format = new JsonFormat(Life.HOST, stream());
    assertEquals(EVENTS, entries.size());
    for (Entry entry : entries) {
      assertTrue(entry.json().isPresent(), entry::toString);
      assertEquals(entry.kind(), entry.event().kind());
      if (entry.seq() <= 63) {
        assertEquals(
            new String(format.record(entry.seq(), Life.event(entry.seq())), UTF_8),
            new String(entry.json().orElseThrow(), UTF_8));
      }
    }
    assertArrayEquals(before, Files.readAllBytes(file));
    assertEquals(1, version());
  }

  private void copySchema2() throws IOException {
    try (InputStream in = getClass().getResourceAsStream("journal-schema-2.db")) {
      Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  @Test
  void schema2IsReadAsItIs() throws Exception {
    copySchema2();
    byte[] before = Files.readAllBytes(file);
    List<Entry> entries = history();
    assertEquals(74, entries.size());
    assertEquals(100_074, entries.getLast().seq());
    for (Entry entry : entries) {
      assertEquals(
          new String(new JsonFormat(Life.HOST, stream()).record(entry.seq(), entry.event()), UTF_8)
              .replace("boot-1", entry.seq() <= 44 ? "boot-1" : "boot-2"),
          new String(entry.json().orElseThrow(), UTF_8));
    }
    assertArrayEquals(before, Files.readAllBytes(file));
    assertEquals(2, version());
  }

  @Test
  void monitorGoesOnWithSchema2() throws Exception {
    copySchema2();
    List<String> before = shown(history());
    String stream = stream();
    try (Life life = new Life(file)) {
      assertEquals(List.of(), life.remarks);
      assertEquals(stream, life.journal.stream());
      assertEquals(100_075, life.journal.nextSeq());
      assertEquals(OptionalLong.of(31), life.journal.cursor("kafka"));
      assertEquals(OptionalLong.of(41), life.journal.cursor("file"));
      assertEquals("0:7", life.journal.born().orElseThrow());
      assertTrue(life.journal.lastState().isPresent());
      assertEquals(100_000, life.journal.unused(40, 100_060));
      life.tell(5);
      assertEquals(79, life.kept(1).size());
      life.journal.cursor("kafka", 42);
    }
    assertEquals(3, version());
    List<String> after = shown(history());
    assertEquals(79, after.size());
    assertEquals(before, after.subList(0, 74));
    assertEquals(stream + " 1", text("SELECT stream || ' ' || first FROM streams"));
    assertEquals("42", text("SELECT next FROM cursors WHERE name = 'kafka' AND first = 1"));
    assertEquals(
        "100075 100075 " + stream,
        text("SELECT key || ' ' || seq || ' ' || stream FROM readable WHERE key > 100074"));
  }

  @Test
  void monitorGoesOnWithIt() throws Exception {
    List<String> before = shown(history());
    try (Life life = new Life(file)) {
      assertEquals(List.of(), life.remarks);
      assertEquals(EVENTS + 1, life.journal.nextSeq());
      assertEquals(OptionalLong.of(31), life.journal.cursor("kafka"));
      assertTrue(life.journal.lastState().isPresent());
      life.tell(5);
      assertEquals(EVENTS + 5, life.kept(1).size());
    }
    assertEquals(Schema.VERSION, version());
    List<String> after = shown(history());
    assertEquals(EVENTS + 5, after.size());
    assertEquals(before, after.subList(0, EVENTS));
  }

  private static List<String> shown(List<Entry> entries) {
    return entries.stream()
        .map(one -> one + " " + one.time() + " " + new String(one.json().orElseThrow(), UTF_8))
        .toList();
  }

  /// The numbers of the kinds are those of the file: another order of the code changes nothing.
  @Test
  void kindIsWhatTheFileCallsIt() throws Exception {
    write(
        "UPDATE kinds SET kind = kind + 100",
        "UPDATE kinds SET kind = 207 - kind + 100",
        "DELETE FROM events WHERE seq > 0");
    try (Life life = new Life(file)) {
      life.tell(8);
      life.kept(EVENTS + 1);
    }
    List<Entry> entries = history();
    assertEquals(8, entries.size());
    for (Entry entry : entries) {
      assertEquals(Life.event(entry.seq()).kind(), entry.kind());
    }
    assertEquals("206", text("SELECT kind FROM kinds WHERE name = 'namespace-created'"));
    assertEquals(
        "206", text("SELECT min(kind) FROM events WHERE record LIKE '%namespace-created%'"));
  }

  /// A newer nsmon that has the same schema may have written kinds that this one does not know.
  @Test
  void kindThatIsNotKnownIsHandedOnAsItCame() throws Exception {
    String record = text("SELECT record FROM events WHERE seq = 91");
    String frozen = record.replaceFirst("\"kind\":\"[a-z-]+\"", "\"kind\":\"host-suspended\"");
    long micros = Long.parseLong(text("SELECT time FROM events WHERE seq = 91"));
    int crc = new Rows(InstantSource.system()).crc(92, micros, 7, frozen.getBytes(UTF_8));
    write(
        "INSERT INTO kinds VALUES (7, 'host-suspended')",
        "UPDATE events SET kind = 7, time = "
            + micros
            + ", crc = "
            + crc
            + ", record = '"
            + frozen.replace("'", "''")
            + "' WHERE seq = 92");
    Entry last = history().getLast();
    assertEquals(Kind.of("host-suspended"), last.kind());
    assertEquals(frozen, ((Other) last.event()).json());
    try (Life life = new Life(file)) {
      assertEquals(List.of(), life.remarks);
      assertEquals(frozen, new String(life.kept(92).getFirst().json().orElseThrow(), UTF_8));
    }
  }

  private void write(String... statements) throws SQLException {
    try (Connection connection = Connections.writer(file, 100);
        Statement sql = connection.createStatement()) {
      for (String statement : statements) {
        sql.executeUpdate(statement);
      }
    }
  }

  private String text(String query) throws SQLException {
    try (Connection connection = Connections.reader(file);
        Statement sql = connection.createStatement();
        var row = sql.executeQuery(query)) {
      return row.next() ? row.getString(1) : "";
    }
  }
}
