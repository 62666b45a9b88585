package dev.nsmon.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nsmon.testing.TestClock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// One monitor has the journal; another waits a little for it to end, by the clock.
final class JournalLockTest {
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  @TempDir Path directory;
  private final TestClock clock = new TestClock();

  private Path journal() {
    return directory.resolve("journal.db");
  }

  private JournalLock take() throws JournalFault {
    return JournalLock.take(journal(), PATIENCE, clock);
  }

  private CompletableFuture<JournalLock> taking() {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return take();
          } catch (JournalFault e) {
            throw new CompletionException(e);
          }
        });
  }

  @Test
  void oneThatIsFreeIsTakenAtOnce() throws Exception {
    assertFalse(JournalLock.existsFor(journal()));
    try (JournalLock lock = take()) {
      assertEquals(0, lock.usedBefore());
      assertTrue(JournalLock.existsFor(journal()));
    }
  }

  @Test
  void whatOneNotesTheNextFinds() throws Exception {
    try (JournalLock lock = take()) {
      lock.usedBelow(1_234_567_890_123L, 1_234_567_890_123L);
      lock.usedBelow(42, 42);
    }
    try (JournalLock lock = take()) {
      assertEquals(42, lock.usedBefore());
    }
    String own = "pid " + ProcessHandle.current().pid() + " ";
    assertTrue(Files.readString(JournalLock.of(journal())).startsWith(own));
  }

  @Test
  void otherOneIsWaitedForUntilItEnds() throws Exception {
    JournalLock first = take();
    CompletableFuture<JournalLock> second = taking();
    assertEquals(Duration.ofMillis(50), clock.awaitSleeper());
    clock.advance(Duration.ofMillis(50));
    assertEquals(Duration.ofMillis(50), clock.awaitSleeper());
    first.close();
    clock.advance(Duration.ofMillis(50));
    second.join().close();
  }

  @Test
  void afterTwoSecondsItIsRefusedWithTheHolder() throws Exception {
    try (JournalLock _ = take()) {
      CompletableFuture<JournalLock> second = taking();
      for (int i = 0; i <= PATIENCE.toMillis() / 50; i++) {
        assertEquals(Duration.ofMillis(50), clock.awaitSleeper(), "after " + i);
        assertFalse(second.isDone());
        clock.advance(Duration.ofMillis(50));
      }
      CompletionException refused = assertThrows(CompletionException.class, second::join);
      JournalFault fault = (JournalFault) refused.getCause();
      assertEquals(JournalFault.Kind.IN_USE, fault.kind());
      assertEquals(
          "is in use by another monitor (process " + ProcessHandle.current().pid() + ")",
          fault.getMessage().strip());
    }
  }
}
