package dev.nsmon.monitor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.nsmon.testing.TestClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// A monitor that reads for too long without telling anything is reported once, and once when it
/// goes on.
final class StandstillTest {
  private final TestClock clock = new TestClock();
  private final MonitorStats stats = new MonitorStats();
  private final List<String> said = new ArrayList<>();
  private final Standstill standstill = new Standstill(stats, () -> 4711, clock, said::add);

  private void reads(Duration time) {
    stats.reads(clock.nanoTime());
    clock.advance(time);
    standstill.check();
  }

  @Test
  void readingIsReportedAfterTenSeconds() {
    reads(Duration.ofSeconds(10).minusNanos(1));
    assertEquals(List.of(), said);
    assertEquals(Optional.empty(), standstill.trouble());
    clock.advance(Duration.ofNanos(1));
    standstill.check();
    standstill.check();
    String words =
        "has been reading /proc for more than 10 s and tells nothing meanwhile; the last process"
            + " that it asked for is 4711";
    assertEquals(List.of("the monitor " + words), said);
    assertEquals(Optional.of(words), standstill.trouble());
    stats.waits();
    standstill.check();
    standstill.check();
    assertEquals(List.of("the monitor " + words, "the monitor goes on"), said);
  }

  @Test
  void whoTellsSomethingOrWaitsIsNotBlocked() {
    for (int i = 0; i < 3; i++) {
      reads(Duration.ofSeconds(6));
    }
    stats.waits();
    clock.advance(Duration.ofHours(1));
    standstill.check();
    assertEquals(List.of(), said);
  }

  @Test
  void pidIsLeftOutWhereNoneWasAskedFor() {
    Standstill none = new Standstill(stats, () -> 0, clock, said::add);
    stats.reads(clock.nanoTime());
    clock.advance(Duration.ofSeconds(12));
    assertEquals(
        Optional.of("has been reading /proc for more than 10 s and tells nothing meanwhile"),
        none.trouble());
  }
}
