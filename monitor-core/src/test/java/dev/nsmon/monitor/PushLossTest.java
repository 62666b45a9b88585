package dev.nsmon.monitor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nsmon.event.NamespaceEvent.EventsLost;
import dev.nsmon.event.NamespaceEvent.EventsLost.Where;
import dev.nsmon.event.NamespaceEvent.Sighting;
import dev.nsmon.event.Source;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/// How losses add up to one record.
class PushLossTest {
  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
  private static final long SECOND = 1_000_000_000;

  private final PushLoss loss = new PushLoss();

  private OptionalLong taken() {
    return loss.take(NOW, Source.PERF).count();
  }

  @Test
  void nothingIsPendingBeforeALossAndAfterItWasTold() {
    assertFalse(loss.isPending());
    loss.add(OptionalLong.of(3));
    assertTrue(loss.isPending());
    assertEquals(OptionalLong.of(3), taken());
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
        loss.take(NOW, Source.PERF));
  }

  @Test
  void firstMayBeToldAtOnceAndTheNextASecondLater() {
    assertTrue(loss.dueNanos() <= System.nanoTime());
    loss.add(OptionalLong.of(1));
    long before = System.nanoTime();
    taken();
    assertTrue(loss.dueNanos() >= before + SECOND);
    assertTrue(loss.dueNanos() <= System.nanoTime() + SECOND);
  }
}
