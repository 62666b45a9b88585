package dev.nsmon.monitor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// When the next look is due.
class LooksTest {
  private static final long MILLI = 1_000_000;
  private static final String SLOWED = "a look takes 60 ms: looking every 200 ms, not every 100";

  private final List<String> remarks = new ArrayList<>();
  private final Looks looks = new Looks(Duration.ofMillis(100), remarks::add);

  /// How long after the beginning of a look that took so long the next is due.
  private long pauseMillis(long tookMillis, boolean regular) {
    long began = 7 * MILLI;
    looks.begin(began);
    looks.end(tookMillis * MILLI, regular);
    return (looks.dueNanos() - began) / MILLI;
  }

  private long pauseMillis(long tookMillis) {
    return pauseMillis(tookMillis, true);
  }

  @Test
  void quickLooksBeginAnIntervalApart() {
    assertEquals(100, pauseMillis(1));
    assertEquals(100, pauseMillis(25));
    assertEquals(List.of(), remarks);
  }

  @Test
  void slowLooksTakeAQuarterOfTheTime() {
    assertEquals(4 * 60, pauseMillis(60));
    assertEquals(4 * 60, pauseMillis(70));
  }

  @Test
  void oneLongLookBetweenShortOnesChangesNothing() {
    pauseMillis(10);
    assertEquals(100, pauseMillis(5000));
    assertEquals(100, pauseMillis(10));
    assertEquals(List.of(), remarks);
  }

  @Test
  void itIsRemarkedOnceThatLooksAreSlowAndOnceThatTheyAreNot() {
    pauseMillis(50);
    remarks.clear();
    pauseMillis(10);
    assertEquals(List.of("looking at the asked interval again"), remarks);
    remarks.clear();
    pauseMillis(50);
    assertEquals(200, pauseMillis(60));
    assertEquals(List.of(SLOWED), remarks);
    pauseMillis(60);
    pauseMillis(60);
    assertEquals(List.of(SLOWED), remarks);
    assertEquals(100, pauseMillis(10));
    pauseMillis(10);
    assertEquals(List.of(SLOWED, "looking at the asked interval again"), remarks);
  }

  @Test
  void ofLooksThatAreNotAnIntervalApartAnywayNothingIsRemarked() {
    assertEquals(400, pauseMillis(100, false));
    assertEquals(List.of(), remarks);
  }

  @Test
  void thePauseCountsFromWhenTheLookBegan() {
    pauseMillis(1);
    looks.begin(500 * MILLI);
    assertEquals(600 * MILLI, looks.dueNanos());
  }
}
