package dev.nsmon.monitor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nsmon.event.NamespaceEvent.EventsLost;
import dev.nsmon.event.NamespaceEvent.EventsLost.Where;
import dev.nsmon.event.NamespaceEvent.Sighting;
import dev.nsmon.event.Source;
import dev.nsmon.testing.TestClock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/// How losses add up to one record.
class PushLossTest {
  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
  private static final long SECOND = 1_000_000_000;

  private final TestClock clock = new TestClock();
  private final PushLoss loss = new PushLoss(clock);

  private OptionalLong taken() {
    return loss.take(NOW, Source.PERF).orElseThrow().count();
  }

  @Test
  void nothingIsPendingBeforeALossAndAfterItWasTold() {
    assertFalse(loss.isPending());
    loss.add(OptionalLong.of(3));
    assertTrue(loss.isPending());
    assertEquals(OptionalLong.of(3), taken());
    assertTrue(loss.isPending(), "a full scan is to follow");
    loss.scanned();
    assertFalse(loss.isPending());
  }

  @Test
  void countsAddUp() {
    loss.add(OptionalLong.of(3));
    loss.add(OptionalLong.of(4));
    loss.add(OptionalLong.of(0));
    assertEquals(OptionalLong.of(7), taken());
  }

  @Test
  void oneLossOfUnknownCountMakesTheSumUnknown() {
    loss.add(OptionalLong.empty());
    loss.add(OptionalLong.of(4));
    assertEquals(OptionalLong.empty(), taken());
    loss.add(OptionalLong.of(4));
    loss.add(OptionalLong.empty());
    assertEquals(OptionalLong.empty(), taken());
  }

  @Test
  void whatWasToldDoesNotCountAgain() {
    loss.add(OptionalLong.empty());
    assertEquals(OptionalLong.empty(), taken());
    loss.add(OptionalLong.of(5));
    assertEquals(OptionalLong.of(5), taken());
  }

  @Test
  void recordSaysThatTheKernelLostItAndNothingOfTheLog() {
    loss.add(OptionalLong.of(2));
    assertEquals(
        new EventsLost(
            new Sighting(NOW, Optional.empty(), Source.PERF),
            Where.KERNEL,
            OptionalLong.empty(),
            OptionalLong.empty(),
            OptionalLong.of(2)),
        loss.take(NOW, Source.PERF).orElseThrow());
  }

  @Test
  void scanThatFailedIsRepeatedASecondLaterWithoutAnotherRecord() {
    loss.add(OptionalLong.of(1));
    taken();
    clock.advance(Duration.ofSeconds(1));
    assertTrue(loss.isPending());
    assertEquals(clock.nanoTime(), loss.dueNanos());
    assertEquals(Optional.empty(), loss.take(NOW, Source.PERF));
    assertTrue(loss.isPending());
    assertEquals(clock.nanoTime() + SECOND, loss.dueNanos());
  }

  @Test
  void firstMayBeToldAtOnceAndTheNextASecondLater() {
    assertEquals(clock.nanoTime(), loss.dueNanos());
    loss.add(OptionalLong.of(1));
    clock.advance(Duration.ofMillis(300));
    taken();
    assertEquals(clock.nanoTime() + SECOND, loss.dueNanos());
  }
}
