package dev.nsmon.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.nsmon.log.EventLog;
import dev.nsmon.testing.TestClock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// A state is made for one client and used for those that come soon after.
final class StatesTest {
  private static final Duration NANO = Duration.ofNanos(1);
  private static final Duration FRESH = Duration.ofSeconds(1);
  private static final Duration KEPT = Duration.ofSeconds(10);
  private static final Duration RETRY = Duration.ofMillis(100);

  private final TestClock clock = new TestClock();
  private final EventLog log = new EventLog("s", 1 << 20, clock);
  private final World world = new World(log, 1);
  private final Fed fed = new Fed(0);
  private final States states = new States(log, world::present, false, fed, clock);

  @AfterEach
  void clear() {
    states.clear();
  }

  private void happen() {
    world.change(1);
    fed.upTo(log.nextSeq() - 1);
  }

  private State state() throws InterruptedException {
    return states.get().orElseThrow();
  }

  @Test
  void forASecondOneIsAsGoodAsAnother() throws InterruptedException {
    happen();
    State first = state();
    happen();
    clock.advance(FRESH.minus(NANO));
    assertSame(first, state());
    clock.advance(NANO);
    assertNotSame(first, state());
    assertEquals(2, world.asked.get());
  }

  @Test
  void oneThatIsStillTrueIsUsedAsLongAsItIsKept() throws InterruptedException {
    happen();
    State first = state();
    clock.advance(KEPT.minus(NANO));
    states.expire();
    assertSame(first, state());
    clock.advance(NANO);
    states.expire();
    assertNotSame(first, state());
  }

  @Test
  void whereAllClientsHaveGoneItsMemoryIsGivenBack() throws InterruptedException {
    happen();
    State first = state();
    states.clear();
    assertNotSame(first, state());
  }

  private CompletableFuture<Optional<State>> waiting() {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return states.get();
          } catch (InterruptedException e) {
            throw new CompletionException(e);
          }
        });
  }

  @Test
  void firstScanIsWaitedFor() throws InterruptedException {
    CompletableFuture<Optional<State>> state = waiting();
    for (int i = 1; i <= 3; i++) {
      assertEquals(RETRY, clock.awaitSleeper());
      assertEquals(i, world.asked.get());
      clock.advance(RETRY);
    }
    assertEquals(RETRY, clock.awaitSleeper());
    happen();
    clock.advance(RETRY);
    assertEquals(1, state.join().orElseThrow().seq());
  }

  @Test
  void monitorThatEndsBeforeItsFirstScanHasNoState() throws InterruptedException {
    CompletableFuture<Optional<State>> state = waiting();
    assertEquals(RETRY, clock.awaitSleeper());
    fed.end();
    clock.advance(RETRY);
    assertEquals(Optional.empty(), state.join());
  }
}
