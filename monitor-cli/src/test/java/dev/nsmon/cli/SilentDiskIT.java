package dev.nsmon.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The file system of the journal does not answer, neither well nor with an error: its server is
/// halted.
@Tag("full")
class SilentDiskIT {
  private static final int LIVES = 5;

  @TempDir private Path directory;
  private Path disk;
  private Path behind;
  private Child server;

  @BeforeEach
  void mount() throws IOException {
    Needs.root();
    Needs.tool("unshare");
    Needs.tool("curl");
    Needs.tool("bindfs");
    behind = Files.createDirectory(directory.resolve("behind"));
    disk = Files.createDirectory(directory.resolve("disk"));
    server = Child.start("bindfs", "-f", behind.toString(), disk.toString());
    Child.eventually()
        .until(() -> Nsmon.shell("mountpoint -q " + disk).code() == 0 || hasEnded(server));
    assertTrue(!hasEnded(server), () -> "can't mount: " + server.err());
  }

  private static boolean hasEnded(Child child) {
    return child.hasEndedWithin(Duration.ZERO);
  }

  @AfterEach
  void unmount() {
    if (server != null) {
      server.signal("CONT");
      Nsmon.shell("umount -l " + disk).endedWith(0);
      server.close();
    }
  }

  private static void liveAndDie() {
    Nsmon.shell("for i in $(seq %d); do unshare -u true; done".formatted(LIVES)).endedWith(0);
  }

  private static long destroyed(Path events) throws IOException {
    return Nsmon.wholeLines(events).stream()
        .filter(line -> line.contains("\"namespace-destroyed\""))
        .count();
  }

  @Test
  void isSaidShownAndWaitedForByNobody() throws IOException {
    Path events = directory.resolve("events.json");
    try (Served serve =
        Served.with(
            List.of(
                "--listen=127.0.0.1:0",
                "--journal=" + disk.resolve("journal.db"),
                "--file=" + events))) {
      liveAndDie();
      Child.eventually().until(() -> destroyed(events) >= LIVES);
      server.signal("STOP");
      liveAndDie();
      String line =
          "journal.db is not answered by its disk; until it is, events are kept in memory only\n";
      Child.eventually().until(() -> serve.child().err().contains(line));
      assertTrue(serve.ask("/readyz").contains("\"journal\":{\"condition\":\"failing\""));
      assertTrue(serve.ask("/metrics").contains("\nnsmon_journal_up 0.0\n"));
      Child.eventually().until(() -> destroyed(events) >= 2 * LIVES);
      liveAndDie();
      Child.eventually().until(() -> destroyed(events) >= 3 * LIVES);
      server.signal("CONT");
      Child.eventually().until(() -> serve.child().err().contains("journal.db works again\n"));
      Child.eventually().until(() -> serve.ask("/metrics").contains("\nnsmon_journal_up 1.0\n"));
      liveAndDie();
      Child.eventually().until(() -> destroyed(events) >= 4 * LIVES);
      assertEquals(1, count(serve.child().err(), "is not answered by its disk"));
      assertEquals(1, count(serve.child().err(), "works again"));
      serve.child().signal("TERM");
      serve.child().result().endedWith(143);
    }
    List<JsonNode> kept = Journaled.records(behind.resolve("journal.db"));
    long next = 1;
    for (JsonNode one : kept) {
      boolean lost = one.at("/where").asText().equals("log");
      // Where others do so much meanwhile that memory can't hold it, that is said.
      next += lost ? one.get("count").asLong() : 1;
      assertEquals(next - 1, one.get("seq").asLong(), one::toString);
    }
    List<JsonNode> written = Nsmon.json(Files.readAllLines(events));
    assertEquals(next - 1, written.getLast().get("seq").asLong());
    assertTrue(
        new HashSet<>(written)
            .containsAll(
                kept.stream().filter(one -> !one.at("/where").asText().equals("log")).toList()));
  }

  private static long count(String said, String words) {
    return said.lines().filter(line -> line.contains(words)).count();
  }
}
