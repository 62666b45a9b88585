package dev.nsmon.netlink;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class PaceTest {
  private final Pace pace = new Pace();
  private long now = 1_000_000_000_000L;

  /// So many events a second, for so many milliseconds, one each time.
  private void run(int rate, int millis) {
    long step = 1_000_000_000L / rate;
    for (long end = now + millis * 1_000_000L; now < end; now += step) {
      pace.came(1, now);
    }
  }

  @Test
  void fewEventsAreWaitedForOneByOne() {
    run(4000, 1000);
    assertFalse(pace.isBusy());
  }

  @Test
  void shortBurstIsNotBusy() {
    run(10, 1000);
    run(40_000, 1);
    run(10, 1000);
    assertFalse(pace.isBusy());
  }

  @Test
  void manyEventsAreLookedForOnATimerUntilTheyAreFew() {
    run(6000, 100);
    assertTrue(pace.isBusy());
    run(3000, 1000);
    assertTrue(pace.isBusy(), "half as many are no reason to change");
    run(2000, 300);
    assertFalse(pace.isBusy());
  }

  /// Counts from now on.
  private void begin() {
    now += 1_000_000_000;
    pace.came(0, now);
  }

  private void came(int events, long afterMillis) {
    pace.came(events, now + afterMillis * 1_000_000);
    now += afterMillis * 1_000_000;
  }

  @Test
  void fiveThousandASecondAreMany() {
    begin();
    came(99, 20);
    assertFalse(pace.isBusy());
    begin();
    came(100, 19);
    assertFalse(pace.isBusy(), "too short a time to judge by");
    came(0, 1);
    assertTrue(pace.isBusy());
  }

  @Test
  void lessThanHalfAsManyAreFew() {
    begin();
    came(100, 20);
    came(250, 100);
    assertTrue(pace.isBusy());
    came(249, 99);
    assertTrue(pace.isBusy(), "too short a time to judge by");
    came(0, 1);
    assertFalse(pace.isBusy());
  }

  @Test
  void silenceEndsIt() {
    run(6000, 100);
    assertTrue(pace.isBusy());
    for (int i = 0; i < 70; i++) {
      now += 3_000_000;
      pace.came(0, now);
    }
    assertFalse(pace.isBusy());
  }
}
