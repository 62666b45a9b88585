package dev.nsmon.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.nsmon.log.Present;
import dev.nsmon.testing.TestClock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// One request to the monitor serves all clients that connect within a second.
final class SharedPresentTest {
  private static final Duration LONG = Duration.ofMinutes(1);

  private final TestClock clock = new TestClock();
  private final AtomicInteger asked = new AtomicInteger();

  private Present present() {
    return Scene.present(asked.incrementAndGet());
  }

  private static long seq(SharedPresent shared) throws InterruptedException {
    return shared.within(LONG).orElseThrow().seq();
  }

  @Test
  void whoComesWithinASecondGetsTheSame() throws InterruptedException {
    SharedPresent shared = new SharedPresent(this::present, clock);
    assertEquals(1, seq(shared));
    clock.advance(Duration.ofSeconds(1));
    assertEquals(1, seq(shared));
    clock.advance(Duration.ofNanos(1));
    assertEquals(2, seq(shared));
  }

  @Test
  void whileAQuestionIsOpenNoOtherIsAsked() throws InterruptedException {
    CountDownLatch answered = new CountDownLatch(1);
    SharedPresent shared =
        new SharedPresent(
            () -> {
              Present present = present();
              try {
                answered.await();
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
              return present;
            },
            clock);
    assertEquals(Optional.empty(), shared.within(Duration.ofMillis(1)));
    clock.advance(LONG);
    assertEquals(Optional.empty(), shared.within(Duration.ofMillis(1)));
    answered.countDown();
    assertEquals(1, seq(shared));
    assertEquals(2, seq(shared), "what was asked for long ago is not the state of now");
  }

  @Test
  void failureOfTheMonitorIsHandedOn() {
    SharedPresent shared =
        new SharedPresent(
            () -> {
              throw new IllegalArgumentException("planted");
            },
            clock);
    assertThrows(IllegalStateException.class, () -> shared.within(LONG));
  }
}
