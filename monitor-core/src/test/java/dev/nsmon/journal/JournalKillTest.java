package dev.nsmon.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nsmon.log.Entry;
import dev.nsmon.namespace.HostClock;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is handed out before a `kill -9` is there after it.
///
/// `-Dnsmon.kills=30` kills it more often.
class JournalKillTest {
  private static final int KILLS = Integer.getInteger("nsmon.kills", 8);
  private static final int PER_SECOND = 10_000;

  @TempDir Path directory;

  @Test
  void nothingThatWasHandedOutIsLostToKill9() throws Exception {
    Path file = directory.resolve("journal.db");
    long seed = System.nanoTime();
    Random random = new Random(seed);
    long kept = 0;
    for (int i = 0; i < KILLS; i++) {
      try (JournalChild.Running child = JournalChild.start(file, PER_SECOND, "boot-1")) {
        String next = child.line().orElseThrow();
        assertTrue(next.startsWith("next "), next);
        long first = number(next);
        assertTrue(first > kept, "seed " + seed + ": " + first + " was used before " + kept);
        for (int left = random.nextInt(300); left > 0; left--) {
          kept = number(child.line().orElseThrow());
        }
        child.kill();
        for (Optional<String> line = child.line(); line.isPresent(); line = child.line()) {
          // The last may be cut off.
          kept = line.get().matches("kept [0-9]+ .*") ? number(line.get()) : kept;
        }
      }
    }
    System.out.println("kills " + KILLS + ", events " + kept);
    try (Life life = new Life(file)) {
      assertEquals(List.of(), life.remarks);
      assertTrue(life.journal.nextSeq() > kept);
      long seq = 0;
      for (Entry entry : life.kept(1)) {
        assertEquals(++seq, entry.seq());
        assertEquals(Life.event(seq).kind(), entry.event().kind());
      }
      assertEquals(life.journal.nextSeq() - 1, seq);
    }
  }

  /// The second word.
  private static long number(String line) {
    return Long.parseLong(line.split(" ", -1)[1]);
  }

  @Test
  void secondMonitorDoesWithout() throws Exception {
    Path file = directory.resolve("journal.db");
    List<String> remarks = new ArrayList<>();
    try (JournalChild.Running child = JournalChild.start(file, PER_SECOND, "boot-1")) {
      assertEquals("next 1", child.line().orElseThrow());
      try (Journal second =
          Journal.open(
              new JournalSettings(file), Life.HOST, "new", HostClock.SYSTEM, remarks::add)) {
        assertTrue(second.isOutOfUse());
        assertEquals("new", second.stream());
        assertEquals(1, second.nextSeq());
      }
      assertEquals(
          List.of(
              "journal %s is in use by another monitor (process %d); this monitor goes on without a journal"
                  .formatted(file, child.pid())),
          remarks);
    }
  }
}
