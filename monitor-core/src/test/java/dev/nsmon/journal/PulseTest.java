package dev.nsmon.journal;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/// A call that does not come back is noticed, and said once.
class PulseTest {
  private long cpuNanos;
  private final Pulse pulse = new Pulse(() -> cpuNanos);

  private void isFineFor(int looks) {
    for (int i = 0; i < looks; i++) {
      assertFalse(pulse.look() || pulse.isStuck());
    }
  }

  @Test
  void whoWaitsForSomethingToDoIsNeverStuck() {
    isFineFor(20);
    pulse.begins();
    pulse.ends();
    isFineFor(20);
  }

  @Test
  void whoDoesNotComeBackIsStuckWhichIsToldOnce() {
    pulse.begins();
    isFineFor(Pulse.LOOKS);
    assertTrue(pulse.look() && pulse.isStuck());
    assertFalse(pulse.look());
    assertTrue(pulse.isStuck());
    pulse.ends();
    assertTrue(pulse.recovers());
    assertFalse(pulse.recovers() || pulse.isStuck());
    isFineFor(20);
  }

  @Test
  void whoComesBackInTimeIsNot() {
    for (int i = 0; i < 5; i++) {
      pulse.begins();
      isFineFor(Pulse.LOOKS);
      pulse.ends();
      pulse.begins();
    }
    assertFalse(pulse.recovers());
  }

  @Test
  void whoRunsIsNotHoweverSlowly() {
    pulse.begins();
    for (int i = 0; i < 50; i++) {
      cpuNanos += i % Pulse.LOOKS == 0 ? 1000 : 0;
      isFineFor(1);
    }
  }

  @Test
  void whatStaysAwayAgainIsToldAgain() {
    for (int i = 0; i < 3; i++) {
      pulse.begins();
      isFineFor(Pulse.LOOKS);
      assertTrue(pulse.look());
      pulse.ends();
      assertTrue(pulse.recovers());
    }
  }
}
