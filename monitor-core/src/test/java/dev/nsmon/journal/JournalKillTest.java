package dev.nsmon.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nsmon.log.Entry;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is handed out before a `kill -9` is there after it.
///
/// `-Dnsmon.kills=30` kills it more often.
class JournalKillTest {
  private static final int KILLS = Integer.getInteger("nsmon.kills", 8);
  private static final int PER_SECOND = 10_000;

  @TempDir Path directory;

  private static Process start(Path file, String bootId) throws IOException {
    return JournalChild.start(file, PER_SECOND, bootId);
  }

  @Test
  void nothingThatWasHandedOutIsLostToKill9() throws Exception {
    Path file = directory.resolve("journal.db");
    long seed = System.nanoTime();
    Random random = new Random(seed);
    long kept = 0;
    long slowest = 0;
    for (int i = 0; i < KILLS; i++) {
      Process child = start(file, "boot-1");
      try (BufferedReader lines =
          new BufferedReader(
              new InputStreamReader(child.getInputStream(), StandardCharsets.US_ASCII))) {
        String[] next = lines.readLine().split(" ", -1);
        assertEquals("next", next[0], () -> String.join(" ", next));
        long first = Long.parseLong(next[1]);
        assertTrue(first > kept, "seed " + seed + ": " + first + " was used before " + kept);
        slowest = Math.max(slowest, Long.parseLong(next[2]));
        long end = System.nanoTime() + random.nextLong(400_000_000);
        String line = "";
        while (System.nanoTime() < end && line != null) {
          line = lines.readLine();
          kept = line == null ? kept : Long.parseLong(line.split(" ", -1)[1]);
        }
        // Process.destroyForcibly() would close the pipe that is to be read to its end.
        child.toHandle().destroyForcibly();
        while ((line = lines.readLine()) != null) {
          String[] words = line.split(" ", -1);
          kept = words.length == 3 ? Long.parseLong(words[1]) : kept;
        }
      }
    }
    assertTrue(slowest <= 2000, "open took " + slowest + " ms");
    System.out.println("kills " + KILLS + ", events " + kept + ", slowest open " + slowest + " ms");
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

  @Test
  void secondMonitorDoesWithout() throws Exception {
    Path file = directory.resolve("journal.db");
    Process child = start(file, "boot-1");
    List<String> remarks = new ArrayList<>();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(child.getInputStream(), StandardCharsets.US_ASCII))) {
      assertTrue(lines.readLine().startsWith("next 1 "));
      try (Journal second =
          Journal.open(
              new JournalSettings(file), Life.HOST, "new", InstantSource.system(), remarks::add)) {
        assertTrue(second.isOutOfUse());
        assertEquals("new", second.stream());
        assertEquals(1, second.nextSeq());
      }
      assertEquals(
          List.of(
              "journal %s is in use by another monitor (process %d); this monitor goes on without a journal"
                  .formatted(file, child.pid())),
          remarks);
    } finally {
      child.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
    }
  }
}
