package dev.nsmon.perf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nsmon.push.KernelRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The records of many rings come in the order of their times, each once, none before its time.
class RingMergeTest {
  private static final long ALL = Long.MAX_VALUE - 1;

  private final Told told = new Told(true);

  @Test
  void theRecordsOfAllRingsComeInTheOrderOfTheirTimes() {
    FakeRing one = new FakeRing();
    FakeRing two = new FakeRing();
    one.forked(10, 5, 5, 1);
    two.executed(20, 5, "sh");
    one.exited(30, 1, 1);
    two.exited(40, 5, 5);
    assertEquals(
        List.of("10 5/5 forked by 1", "20 5/5 executed, sh", "30 1/1 exited", "40 5/5 exited"),
        told.of(ALL, one, two));
    assertEquals(one.head(), one.tail());
    assertEquals(two.head(), two.tail());
  }

  @Test
  void whatIsTooYoungStaysInItsRing() {
    FakeRing ring = new FakeRing();
    ring.exited(10, 5, 5);
    long kept = ring.head();
    ring.exited(20, 6, 6);
    assertEquals(List.of("10 5/5 exited"), told.of(20, ring));
    assertEquals(kept, ring.tail());
    assertFalse(ring.ring.isEmpty());
    FakeRing other = new FakeRing();
    other.exited(15, 7, 7);
    assertEquals(List.of("15 7/7 exited", "20 6/6 exited"), told.of(21, ring, other));
    assertTrue(ring.ring.isEmpty());
  }

  @Test
  void aRecordThatComesTooLateIsToldAsOfWhenTheLastBatchEnded() {
    FakeRing ring = new FakeRing();
    ring.exited(10, 5, 5);
    ring.exited(25, 6, 6);
    told.sieve.begin(20);
    assertEquals(List.of("20 5/5 exited", "25 6/6 exited"), told.of(30, ring));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void whatIsWrittenIsReadOnceAndInOrderHoweverTheRingsWrapAround(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int count = random.nextInt(1, 6);
    FakeRing[] rings = new FakeRing[count];
    for (int i = 0; i < count; i++) {
      rings[i] = new FakeRing(4096 << random.nextInt(4), random.nextLong(1 << 20) * 8);
    }
    List<Long> written = new ArrayList<>();
    List<Long> read = new ArrayList<>();
    long time = 0;
    for (int round = 0; round < 300; round++) {
      for (int i = random.nextInt(60); i > 0; i--) {
        FakeRing ring = rings[random.nextInt(count)];
        if (ring.head() - ring.tail() < 2048) {
          time += random.nextInt(3);
          written.add(time);
          int pid = random.nextInt(1, 1 << 22);
          switch (random.nextInt(4)) {
            case 0 -> ring.forked(time, pid, pid, 1);
            case 1 -> ring.exited(time, pid, pid);
            case 2 -> ring.executed(time, pid, "x".repeat(random.nextInt(16)));
            default -> ring.moved(time, pid, pid, FakeRing.but(random.nextInt(7), time));
          }
        }
      }
      for (KernelRecord record : told.records(time - 20, rings)) {
        assertTrue(record.nanos() < time - 20);
        read.add(record.nanos());
      }
    }
    for (KernelRecord record : told.records(ALL, rings)) {
      read.add(record.nanos());
    }
    assertEquals(written, read, "seed " + seed);
  }

  @Test
  void aRingThatIsMoreThanAQuarterFullIsSaidToBeFilling() {
    FakeRing ring = new FakeRing(4096);
    PerfRing[] rings = {ring.ring};
    for (int i = 0; i < 4096 / 4 / 48; i++) {
      ring.exited(i, 5, 5);
    }
    assertFalse(RingMerge.drain(rings, 0, told.sieve));
    ring.exited(99, 5, 5);
    assertTrue(RingMerge.drain(rings, 0, told.sieve));
  }
}
