package dev.nsmon.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nsmon.log.Entry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
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
  @Tag("full")
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
  void secondMonitorTakesItWhenTheFirstIsKilled() throws Exception {
    Path file = directory.resolve("journal.db");
    JournalSettings settings = new JournalSettings(file);
    long last = 0;
    String stream;
    try (JournalChild.Running child = JournalChild.start(file, PER_SECOND, "boot-1")) {
      assertEquals("next 1", child.line().orElseThrow());
      try (Life second =
          new Life(settings, Life.HOST, Life.CLOCK, 64 << 20, Duration.ofMillis(20))) {
        stream = second.journal.stream();
        assertFalse(second.journal.isOutOfUse());
        assertTrue(second.journal.isFailing());
        assertEquals(1, second.journal.nextSeq());
        assertEquals(
            List.of(
                "journal %s is in use by another monitor (process %d); until that one ends, events are kept in memory only (it is tried every 5 s)"
                    .formatted(file, child.pid())),
            second.remarks);
        second.tell(100);
        child.kill();
        for (var line = child.line(); line.isPresent(); line = child.line()) {
          last = number(line.get());
        }
        second.awaitRemark("works again");
        assertEquals(100, second.kept(1).size());
      }
    }
    Map<String, List<Long>> seqs = new LinkedHashMap<>();
    try (JournalReader reader = JournalReader.open(file, Life.CLOCK)) {
      reader.events(
          Instant.MIN,
          Instant.MAX,
          (of, entry) -> seqs.computeIfAbsent(of, _ -> new ArrayList<>()).add(entry.seq()));
    }
    assertEquals(2, seqs.size());
    assertEquals(LongStream.rangeClosed(1, 100).boxed().toList(), seqs.get(stream));
    List<Long> first = seqs.values().iterator().next();
    assertTrue(first.size() >= last && last > 0, () -> "" + first.size());
    assertEquals(LongStream.rangeClosed(1, first.size()).boxed().toList(), first);
  }
}
