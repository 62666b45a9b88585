package dev.nsmon.procfs;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nsmon.testing.TestClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SlicesTest {
  private static final Duration SLICE = Duration.ofMillis(20);

  private final TestClock clock = new TestClock();
  private final AtomicLong cpu = new AtomicLong();
  private final AtomicBoolean ready = new AtomicBoolean();
  private final AtomicBoolean ended = new AtomicBoolean();
  private final Slices slices =
      new Slices(clock, cpu::get, () -> ready.set(true), () -> ended.set(true));

  /// Both write it, and need no lock.
  private final List<String> done = new ArrayList<>();

  @BeforeEach
  void start() {
    slices.start();
  }

  @AfterEach
  void close() {
    slices.close();
    await().untilTrue(ended);
  }

  /// Something that takes this time, and as much of a CPU.
  private void work(String name, Duration time) {
    done.add(name);
    clock.advance(time);
    cpu.addAndGet(time.toNanos());
    slices.pause();
  }

  @Test
  void ownerAndTaskWorkInTurn() {
    slices.begin(
        () -> {
          work("a", Duration.ofMillis(15));
          work("b", Duration.ofMillis(15));
          work("c", Duration.ofMillis(1));
        });
    assertFalse(slices.advance(SLICE));
    done.add("owner");
    assertTrue(slices.advance(SLICE));
    assertEquals(List.of("a", "b", "owner", "c"), done);
    assertTrue(slices.isIdle());
  }

  @Test
  void taskRestsNineTimesAsLongAsItUsedACpu() {
    slices.begin(
        () -> {
          work("a", Duration.ofMillis(30));
          work("b", Duration.ofMillis(40));
        });
    assertFalse(slices.advance(SLICE));
    assertEquals(clock.nanoTime() + 9 * 30_000_000, slices.dueNanos());
    assertFalse(slices.advance(SLICE));
    assertEquals(clock.nanoTime() + 9 * 40_000_000, slices.dueNanos());
    assertTrue(slices.advance(SLICE));
    assertEquals(Long.MAX_VALUE, slices.dueNanos());
  }

  @Test
  void shortAbsenceIsWaitedFor() {
    slices.begin(
        () -> {
          slices.away(() -> done.add("away"));
          work("back", Duration.ofMillis(1));
        });
    assertTrue(slices.advance(Duration.ofMinutes(1)));
    assertEquals(List.of("away", "back"), done);
    assertFalse(ready.get());
  }

  @Test
  void longAbsenceIsNotWaitedFor() {
    CountDownLatch answer = new CountDownLatch(1);
    slices.begin(
        () -> {
          slices.away(() -> await().until(() -> answer.getCount() == 0));
          work("back", Duration.ofMillis(1));
        });
    assertFalse(slices.advance(SLICE));
    assertEquals(Long.MAX_VALUE, slices.dueNanos());
    clock.advance(Duration.ofSeconds(3));
    assertEquals(Duration.ofSeconds(3).toNanos(), slices.aloneNanos());
    assertFalse(slices.advance(SLICE));
    answer.countDown();
    await().untilTrue(ready);
    await().until(() -> slices.aloneNanos() == 0);
    assertEquals(List.of(), done);
    assertTrue(slices.advance(SLICE));
    assertEquals(List.of("back"), done);
  }

  @Test
  void abandonedTaskEndsAndAnotherMayBegin() {
    CountDownLatch answer = new CountDownLatch(1);
    slices.begin(
        () -> {
          slices.away(() -> await().until(() -> answer.getCount() == 0));
          done.add("never");
        });
    assertFalse(slices.advance(SLICE));
    assertFalse(slices.isBackWithin(Duration.ofMillis(1)));
    slices.abandon();
    answer.countDown();
    await().until(slices::isIdle);
    slices.begin(() -> work("next", Duration.ofMillis(1)));
    assertTrue(slices.advance(SLICE));
    assertEquals(List.of("next"), done);
  }

  @Test
  void failureIsTheOwners() {
    slices.begin(
        () -> {
          throw new IllegalStateException("a bug");
        });
    assertThrows(IllegalStateException.class, () -> slices.advance(SLICE));
    slices.begin(() -> work("next", Duration.ofMillis(1)));
    assertTrue(slices.advance(SLICE));
    assertEquals(List.of("next"), done);
  }

  @Test
  void taskThatRestsEndsWithItsOwner() {
    AtomicBoolean left = new AtomicBoolean();
    slices.begin(
        () -> {
          try {
            work("a", Duration.ofMillis(30));
            done.add("never");
          } finally {
            left.set(true);
          }
        });
    assertFalse(slices.advance(SLICE));
    slices.close();
    assertTrue(left.get() && ended.get());
    assertEquals(List.of("a"), done);
  }
}
