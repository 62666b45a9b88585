package dev.nsmon.sink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nsmon.testing.TestClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What is said of an outage, and how long it is waited before each attempt.
final class OutageTest {
  private final TestClock clock = new TestClock();
  private final List<String> remarks = new ArrayList<>();
  private final List<Duration> pauses = new ArrayList<>();
  private final Outage outage = new Outage("sink", remarks::add, clock::nanoTime, pauses::add);

  /// It is waited this long, or up to half as much less, so that a fleet is not in step.
  private void assertPause(Duration longest) throws InterruptedException {
    pauses.clear();
    outage.pause();
    Duration pause = pauses.getFirst();
    assertTrue(pause.compareTo(longest) <= 0, () -> pause + " before " + longest);
    assertTrue(pause.compareTo(longest.dividedBy(2)) >= 0, () -> pause + " before " + longest);
  }

  @Test
  void eachReasonIsSaidOnce() {
    outage.because("full");
    outage.because("full");
    outage.because("gone");
    outage.because("full");
    assertEquals(List.of("sink: full; trying on", "sink: gone; trying on"), remarks);
  }

  @Test
  void whatWorksSaysNothing() {
    outage.over();
    outage.over();
    assertEquals(List.of(), remarks);
  }

  @Test
  void endIsSaidOnceWithHowLongItLasted() {
    outage.because("full");
    clock.advance(Duration.ofSeconds(40));
    outage.because("gone");
    clock.advance(Duration.ofMillis(2999));
    outage.over();
    outage.over();
    assertEquals("sink: works again, after 42 s", remarks.getLast());
    assertEquals(3, remarks.size());
  }

  @Test
  void nextOutageBeginsAnew() {
    outage.because("full");
    clock.advance(Duration.ofHours(1));
    outage.over();
    outage.because("full");
    clock.advance(Duration.ofSeconds(2));
    outage.over();
    assertEquals(
        List.of(
            "sink: full; trying on",
            "sink: works again, after 3600 s",
            "sink: full; trying on",
            "sink: works again, after 2 s"),
        remarks);
  }

  @Test
  void pausesDoubleUpToHalfAMinuteAndBeginAnewAfterwards() throws InterruptedException {
    for (int seconds : new int[] {1, 2, 4, 8, 16, 30, 30, 30, 30, 30, 30, 30, 30, 30}) {
      assertPause(Duration.ofSeconds(seconds));
    }
    outage.over();
    assertPause(Duration.ofSeconds(1));
  }

  @Test
  void pausesDiffer() throws InterruptedException {
    for (int i = 0; i < 100; i++) {
      outage.longPause();
    }
    assertTrue(pauses.stream().distinct().count() > 50, () -> "" + pauses);
    assertTrue(pauses.stream().allMatch(one -> one.compareTo(Duration.ofSeconds(15)) >= 0));
    assertTrue(pauses.stream().allMatch(one -> one.compareTo(Duration.ofSeconds(30)) <= 0));
  }
}
