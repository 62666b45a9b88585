package dev.nsmon.monitor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.nsmon.event.NamespaceEvent.EventsLost;
import dev.nsmon.event.NamespaceEvent.Sighting;
import dev.nsmon.event.Source;
import dev.nsmon.namespace.LookReport;
import dev.nsmon.namespace.Snapshot;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/// How many namespaces scans have missed, by the kernel's count of births and by what they showed.
class UnseenTest {
  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");

  private OptionalLong births = OptionalLong.of(0);
  private long seen;
  private final Unseen unseen = new Unseen(() -> births, () -> seen);

  private static Snapshot at(int second) {
    return new Snapshot(
        NOW.plusSeconds(second),
        List.of(),
        List.of(),
        Map.of(),
        List.of(),
        new LookReport(0, 0, 0, 0, 0, 0));
  }

  /// What is reported after a scan before which so many were born and of which it shows so many.
  private OptionalLong reported(long born, long shown) {
    births = OptionalLong.of(born);
    unseen.count();
    seen = shown;
    return unseen.tell(at(1), at(0)).map(EventsLost::count).orElse(OptionalLong.empty());
  }

  @Test
  void whatWasBornAndNotShownIsMissed() {
    assertEquals(OptionalLong.empty(), reported(5, 5));
    assertEquals(OptionalLong.of(3), reported(9, 6));
  }

  @Test
  void eachIsReportedOnce() {
    assertEquals(OptionalLong.of(3), reported(3, 0));
    assertEquals(OptionalLong.empty(), reported(3, 0));
    assertEquals(OptionalLong.of(2), reported(6, 1));
  }

  @Test
  void whatIsFoundLaterIsTakenOffWhatIsReportedNext() {
    assertEquals(OptionalLong.of(3), reported(3, 0));
    assertEquals(OptionalLong.empty(), reported(4, 2));
    assertEquals(OptionalLong.empty(), reported(6, 3));
    assertEquals(OptionalLong.of(1), reported(7, 3));
  }

  @Test
  void whatIsBornWhileAScanRunsMayBeShownByIt() {
    assertEquals(OptionalLong.empty(), reported(2, 4));
    assertEquals(OptionalLong.empty(), reported(4, 4));
  }

  @Test
  void whereTheKernelDoesNotCountNothingIsReported() {
    births = OptionalLong.empty();
    unseen.count();
    assertEquals(Optional.empty(), unseen.tell(at(1), at(0)));
  }

  @Test
  void recordSaysBetweenWhichScansItWas() {
    births = OptionalLong.of(4);
    unseen.count();
    assertEquals(
        Optional.of(
            new EventsLost(
                new Sighting(NOW.plusSeconds(1), Optional.of(NOW), Source.POLL),
                EventsLost.Where.POLL,
                OptionalLong.empty(),
                OptionalLong.empty(),
                OptionalLong.of(4))),
        unseen.tell(at(1), at(0)));
  }
}
