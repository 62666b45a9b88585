package dev.nsmon.monitor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.nsmon.testing.TestClock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// A monitor that reads for too long and does not get on is reported once, and once when it goes
/// on.
final class StandstillTest {
  private static final String WORDS =
      "has been reading /proc for more than 10 s and reports nothing meanwhile";

  private final MonitorStats stats = new MonitorStats();
  private final List<String> said = new ArrayList<>();
  private int opened = 4711;
  private final Standstill standstill =
      new Standstill(stats, () -> opened, new TestClock(), said::add);

  private void check(int times) {
    for (int i = 0; i < times; i++) {
      standstill.check();
    }
  }

  @Test
  void readingThatDoesNotGetOnIsReported() {
    stats.reads(7);
    check(Standstill.CHECKS);
    assertEquals(List.of(), said);
    assertEquals(Optional.empty(), standstill.trouble());
    check(5);
    String words = WORDS + "; the last process that it opened is 4711";
    assertEquals(List.of("the monitor " + words), said);
    assertEquals(Optional.of(words), standstill.trouble());
    stats.waits();
    check(2);
    assertEquals(List.of("the monitor " + words, "the monitor goes on"), said);
    assertEquals(Optional.empty(), standstill.trouble());
  }

  @Test
  void whoWaitsOrTellsOrGetsOnIsNotBlocked() {
    check(20);
    for (int i = 0; i < 20; i++) {
      stats.reads(i);
      check(Standstill.CHECKS);
    }
    for (int i = 0; i < 20; i++) {
      opened++;
      check(Standstill.CHECKS);
    }
    assertEquals(List.of(), said);
  }

  @Test
  void pidIsLeftOutWhereNoneWasOpened() {
    opened = 0;
    stats.reads(7);
    check(Standstill.CHECKS + 1);
    assertEquals(Optional.of(WORDS), standstill.trouble());
  }
}
