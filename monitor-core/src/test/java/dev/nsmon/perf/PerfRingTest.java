package dev.nsmon.perf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What is no record is skipped, together with all that lies behind it, and said once.
class PerfRingTest {
  private static final long ALL = Long.MAX_VALUE - 1;

  private final FakeRing ring = new FakeRing();
  private final Told told = new Told(true);

  @ParameterizedTest
  @ValueSource(ints = {0, 8, 16, 23, 47, 49, 104, 65528, 65535})
  void aSizeThatCanNotBeSkipsAllThatWasThere(int size) {
    ring.exited(10, 5, 5);
    long[] bad = FakeRing.record(PerfDecoder.EXIT, 0, 20, 6, 6, 0, 0, 0);
    bad[0] = PerfDecoder.EXIT | (long) size << 48;
    ring.put(bad);
    ring.exited(25, 6, 6);
    assertEquals(List.of("10 5/5 exited"), told.of(ALL, ring));
    assertTrue(ring.ring.wasBroken());
    assertFalse(ring.ring.wasBroken());
    assertEquals(ring.head(), ring.tail());
    ring.exited(30, 7, 7);
    assertEquals(List.of("30 7/7 exited"), told.of(ALL, ring));
    assertFalse(ring.ring.wasBroken());
  }

  @Test
  void aRecordThatIsTooSmallForItsTypeIsNone() {
    int[] types = {
      PerfDecoder.FORK, PerfDecoder.EXIT, PerfDecoder.COMM, PerfDecoder.LOST, PerfDecoder.NAMESPACES
    };
    for (int type : types) {
      ring.put(FakeRing.record(type, 0, 10, 5, 5, FakeRing.two(5, 5)));
      assertEquals(List.of(), told.of(ALL, ring));
      assertTrue(ring.ring.wasBroken(), "type " + type);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {8, Long.MAX_VALUE, -1})
  void moreNamespacesThanFitAreNone(long count) {
    long[] record = FakeRing.namespaces(10, 5, 5, 5, 5);
    record[2] = count;
    ring.put(record);
    assertEquals(List.of(), told.of(ALL, ring));
    assertTrue(ring.ring.wasBroken());
  }

  @Test
  void aRecordThatNamesNoNamespaceIsOne() {
    ring.put(FakeRing.record(PerfDecoder.NAMESPACES, 0, 10, 5, 5, FakeRing.two(5, 5), 0));
    assertEquals(List.of("10 5/5 moved, child of -1"), told.of(ALL, ring));
    assertFalse(ring.ring.wasBroken());
  }

  @Test
  void aRecordOfNothingButHeaderAndSampleIsSkippedAlone() {
    ring.put(FakeRing.record(77, 0, 5, 1, 1));
    ring.exited(10, 5, 5);
    assertEquals(List.of("10 5/5 exited"), told.of(ALL, ring));
    assertFalse(ring.ring.wasBroken());
  }

  @Test
  void aRecordAsLargeAsWhatIsCopiedAtOnceIsRead() {
    long[] body = new long[PerfRing.WINDOW - 3];
    body[0] = FakeRing.two(5, 5);
    ring.exited(5, 4, 4);
    ring.put(FakeRing.record(PerfDecoder.NAMESPACES, 0, 10, 5, 5, body));
    ring.exited(20, 6, 6);
    assertEquals(
        List.of("5 4/4 exited", "10 5/5 moved, child of -1", "20 6/6 exited"), told.of(ALL, ring));
  }

  @Test
  void aRingThatIsFullToTheLastByteIsRead() {
    FakeRing small = new FakeRing(4096, 4096 * 3 + 40);
    small.put(FakeRing.record(77, 0, 1, 1, 1, 0, 0, 0, 0, 0));
    for (int i = 0; i < (4096 - 64) / 48; i++) {
      small.exited(10 + i, 5, 5);
    }
    assertEquals(84, told.of(ALL, small).size());
    assertFalse(small.ring.wasBroken());
  }

  @Test
  void exactlyAQuarterIsNotYetFilling() {
    FakeRing small = new FakeRing(4096);
    small.put(FakeRing.record(77, 0, 1, 1, 1, 0, 0, 0, 0, 0));
    for (int i = 0; i < (1024 - 64) / 48; i++) {
      small.exited(10 + i, 5, 5);
    }
    assertFalse(small.ring.look());
    small.put(FakeRing.record(77, 0, 50, 1, 1));
    assertTrue(small.ring.look());
  }

  @Test
  void moreThanIsCopiedAtOnceIsReadToTheEndAndItsRoomGivenBackOnTheWay() {
    int records = 2 * PerfRing.WINDOW / 6;
    for (int i = 0; i < records; i++) {
      ring.exited(10 + i, 100 + i, 100 + i);
    }
    ring.ring.look();
    for (int i = 0; i < records; i++) {
      assertEquals(10 + i, ring.ring.time);
      ring.ring.next();
    }
    assertTrue(ring.ring.isEmpty());
    assertTrue(ring.tail() >= 8L * (PerfRing.WINDOW - 6), "tail at " + ring.tail());
  }

  @Test
  void theRoomOfWhatWasSkippedIsGivenBackAtOnce() {
    ring.put(new long[12]);
    ring.ring.look();
    assertEquals(ring.head(), ring.tail());
  }

  @Test
  void aTypeThatIsNotKnownIsSkippedAlone() {
    ring.put(FakeRing.record(77, 0, 5, 1, 1, 1, 2, 3));
    ring.exited(10, 5, 5);
    ring.put(FakeRing.record(78, 0, 15, 1, 1, new long[PerfRing.WINDOW]));
    ring.exited(20, 6, 6);
    assertEquals(List.of("10 5/5 exited", "20 6/6 exited"), told.of(ALL, ring));
    assertFalse(ring.ring.wasBroken());
  }

  @ParameterizedTest
  @ValueSource(longs = {-48, 1 << 20})
  void aHeadThatCanNotBeIsTakenForWhatIsThere(long distance) {
    ring.exited(10, 5, 5);
    assertEquals(1, told.of(ALL, ring).size());
    ring.publish(ring.head() + distance);
    assertEquals(List.of(), told.of(ALL, ring));
    assertTrue(ring.ring.wasBroken());
    ring.exited(30, 7, 7);
    assertEquals(List.of("30 7/7 exited"), told.of(ALL, ring));
  }

  @Test
  void aHeadThatGoesBackIntoWhatWasSeenSkipsThat() {
    ring.exited(10, 5, 5);
    ring.exited(20, 6, 6);
    assertEquals(List.of(), told.of(5, ring));
    ring.publish(ring.head() - 72);
    assertEquals(List.of(), told.of(ALL, ring));
    assertTrue(ring.ring.wasBroken());
    ring.exited(30, 7, 7);
    assertEquals(List.of("30 7/7 exited"), told.of(ALL, ring));
  }

  @Test
  void aTailThatWasLeftBehindByAnotherReaderIsWhereThisOneBegins() {
    FakeRing begun = new FakeRing(4096, 4096 * 5 + 4072);
    begun.exited(10, 5, 5);
    assertEquals(List.of("10 5/5 exited"), told.of(ALL, begun));
  }
}
