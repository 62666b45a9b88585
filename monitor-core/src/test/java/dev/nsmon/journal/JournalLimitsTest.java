package dev.nsmon.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nsmon.event.Kind;
import dev.nsmon.log.Entry;
import dev.nsmon.namespace.HostClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A journal keeps what its size and age allow.
class JournalLimitsTest {
  private static final long MEMORY = 64 << 20;

  @TempDir Path directory;
  private Path file;

  @BeforeEach
  void name() {
    file = directory.resolve("journal.db");
  }

  /// Also on a machine that is so busy that the time for making room is over before it begins.
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void sizeIsKeptAndOldestGo(boolean isBusy) throws IOException, InterruptedException {
    HostClock clock = isBusy ? hasty() : Life.CLOCK;
    JournalSettings settings = new JournalSettings(file, 4 << 20, Duration.ofDays(7));
    AtomicLong largest = new AtomicLong();
    try (Life life = new Life(settings, Life.HOST, clock, 256 << 10)) {
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

  /// A second passes from each reading of the monotonic clock to the next.
  private static HostClock hasty() {
    AtomicLong seconds = new AtomicLong();
    return new HostClock() {
      @Override
      public Instant instant() {
        return Life.CLOCK.instant();
      }

      @Override
      public long nanoTime() {
        return seconds.incrementAndGet() * 1_000_000_000;
      }
    };
  }

  @Test
  void oldGo() throws InterruptedException {
    JournalSettings settings = new JournalSettings(file, 64 << 20, Duration.ofMinutes(1));
    AtomicLong later = new AtomicLong();
    try (Life life =
        new Life(
            settings, Life.HOST, Life.clock(() -> Life.BEGIN.plusMillis(later.get())), MEMORY)) {
      life.tell(30_000);
      life.kept(1);
      later.set(70_000);
      Awaitility.await()
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(() -> assertEquals(10_000, life.journal.read(1, 1).getFirst().seq()));
    }
    try (Life life = new Life(settings, Life.HOST, Life.clock(() -> Instant.EPOCH), MEMORY)) {
      assertEquals(30_001, life.journal.nextSeq());
      assertTrue(life.journal.lastState().isPresent());
    }
  }
}
