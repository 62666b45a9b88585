package dev.nsmon.log;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.InstantSource;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/// Who may slow down the appending thread, and from which position on.
final class EventLogPaceTest {
  private static final InstantSource CLOCK = InstantSource.fixed(Numbered.NOW);

  /// Bytes of each event.
  private static final long EACH = Footprint.of(Numbered.event(1));

  private static void append(EventLog log, long first, long last) {
    for (long seq = first; seq <= last; seq++) {
      log.append(Numbered.events(seq, seq));
    }
  }

  private static List<Long> paceSetters(EventLog log) {
    return log.paceSetters().stream().map(EventLog.Acknowledged::position).toList();
  }

  /// The positions that are far behind, up to the one after the next number.
  private static List<Long> farBehind(EventLog log) {
    return LongStream.rangeClosed(0, log.nextSeq() + 1).filter(log::isFarBehind).boxed().toList();
  }

  @Test
  void farBehindIsMoreThanHalfOfTheCapacity() {
    EventLog log = new EventLog("s", 10 * EACH, CLOCK);
    assertEquals(List.of(), farBehind(log));
    append(log, 1, 5);
    assertEquals(List.of(), farBehind(log));
    append(log, 6, 6);
    assertEquals(List.of(0L, 1L), farBehind(log));
    append(log, 7, 12);
    // The first two are not there any more; the last five are half of what there may be.
    assertEquals(List.of(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L), farBehind(log));
  }

  @Test
  void readersThatAcknowledgeSetThePaceOfALogInMemory() {
    EventLog log = new EventLog("s", 10 * EACH, CLOCK);
    EventLog.Cursor one = log.from(1);
    EventLog.Cursor other = log.from(1);
    assertEquals(List.of(), paceSetters(log));
    one.acknowledge(4);
    assertEquals(List.of(4L), paceSetters(log));
    other.acknowledge(2);
    one.acknowledge(7);
    assertEquals(List.of(7L, 2L), paceSetters(log));
    one.leave();
    assertEquals(List.of(2L), paceSetters(log));
  }

  @Test
  void theWriterSetsItWhileTheArchiveWorks() {
    EventLog log = EventLog.durable("s", 3, 10 * EACH, CLOCK, (_, _) -> List.of());
    log.from(3).acknowledge(4);
    assertEquals(List.of(3L), paceSetters(log));
    log.keptBelow(9);
    assertEquals(List.of(9L), paceSetters(log));
    log.keptBelow(Long.MAX_VALUE);
    assertEquals(List.of(4L), paceSetters(log));
  }
}
