package dev.nsmon.perf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/// The pause is short while something is going on, and an eighth of the quiet else.
class PacerTest {
  private static final PerfTuning TUNING = PerfTuning.DEFAULT;

  private final Pacer pacer = new Pacer(TUNING);

  private long afterQuiet(int drains, int taken) {
    long pause = 0;
    for (int i = 0; i < drains; i++) {
      pause = pacer.next(taken, 0, false);
    }
    return pause;
  }

  @Test
  void itGrowsWithTheQuietUpToItsLongest() {
    long quiet = 0;
    for (int i = 0; i < 100; i++) {
      long pause = pacer.next(1, 0, false);
      assertTrue(
          pause <= TUNING.busyNanos() + quiet / 8 + TUNING.busyNanos() / 8, "pause " + pause);
      quiet += pause;
    }
    assertEquals(TUNING.idleNanos(), afterQuiet(1, 0));
  }

  @Test
  void whatIsToldOrFillsARingMakesItShort() {
    afterQuiet(100, 0);
    assertEquals(TUNING.busyNanos(), pacer.next(1, 1, false));
    afterQuiet(100, 0);
    assertEquals(TUNING.busyNanos(), pacer.next(5000, 0, true));
  }

  @Test
  void itIsCalmWhenNothingHasComeForLong() {
    assertFalse(pacer.isCalm(0));
    afterQuiet(100, 0);
    assertTrue(pacer.isCalm(0));
    assertFalse(pacer.isCalm(1), "what is dismissed would wake it all the time");
    pacer.next(1, 1, false);
    assertFalse(pacer.isCalm(0));
  }

  @Test
  void whileAStormIsDismissedItRestsLonger() {
    afterQuiet(100, 0);
    assertEquals(TUNING.stormNanos(), afterQuiet(100, 5000));
    assertFalse(pacer.isCalm(5000));
    assertEquals(TUNING.idleNanos(), afterQuiet(1, 999));
    assertEquals(TUNING.stormNanos(), afterQuiet(100, 1000));
    assertEquals(TUNING.idleNanos(), afterQuiet(1, 0));
  }
}
