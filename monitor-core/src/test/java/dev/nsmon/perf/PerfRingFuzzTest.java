package dev.nsmon.perf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.nsmon.push.KernelRecord;
import java.util.ArrayList;
import java.util.List;

/// Whatever lies in the rings, they are read to their end, and what was written as a record is read
/// back as that.
class PerfRingFuzzTest {
  private static final int BYTES = 4096;

  @FuzzTest(maxDuration = "20s")
  void anythingIsReadToItsEndAndToldInOrder(FuzzedDataProvider data) {
    FakeRing[] rings = {new FakeRing(BYTES, 8L * data.consumeInt(0, 4096)), new FakeRing(BYTES)};
    Told told = new Told(Told.initial(), data.consumeBoolean());
    while (data.remainingBytes() > 0) {
      FakeRing ring = rings[data.consumeInt(0, 1)];
      switch (data.consumeInt(0, 5)) {
        case 0 -> ring.put(data.consumeLongs(data.consumeInt(0, 64)));
        case 1 -> ring.publish(ring.head() + data.consumeInt(-64, 2 * BYTES));
        case 2 -> ring.forked(data.consumeLong(), data.consumeInt(), 7, data.consumeInt());
        case 3 -> ring.exited(data.consumeLong(), data.consumeInt(), data.consumeInt());
        case 4 -> told.sieve.follow(new int[] {data.consumeInt()}, data.consumeLong());
        default -> {
          long until = data.consumeLong();
          long last = Long.MIN_VALUE;
          for (KernelRecord record : told.records(until, rings)) {
            assertFalse(record.nanos() >= until);
            last = Math.max(last, record.nanos());
          }
        }
      }
    }
    told.records(Long.MAX_VALUE, rings);
    for (FakeRing ring : rings) {
      assertEquals(ring.head() & -8, ring.tail());
    }
  }

  @FuzzTest(maxDuration = "20s")
  void whatIsWrittenIsReadBack(FuzzedDataProvider data) {
    FakeRing ring = new FakeRing(BYTES, 8L * data.consumeInt(0, 4096));
    Told told = new Told(true);
    List<String> expected = new ArrayList<>();
    List<String> read = new ArrayList<>();
    long time = 0;
    while (data.remainingBytes() > 0) {
      int pid = data.consumeInt(1, 1 << 22);
      int other = data.consumeInt(1, 1 << 22);
      time += data.consumeInt(0, 1000);
      switch (data.consumeInt(0, 2)) {
        case 0 -> {
          ring.exited(time, pid, other);
          expected.add(time + " " + pid + "/" + other + " exited");
        }
        case 1 -> {
          String comm = data.consumeAsciiString(15).replace("\0", "");
          ring.executed(time, pid, comm);
          expected.add(
              time + " " + pid + "/" + pid + " executed" + (comm.isEmpty() ? "" : ", " + comm));
        }
        default -> {
          ring.put(FakeRing.record(data.consumeInt(17, 99), 0, time, pid, other, 1, 2));
          read.addAll(told.of(data.consumeInt(0, 1000), ring));
        }
      }
      if (ring.head() - ring.tail() > BYTES / 2) {
        read.addAll(told.of(Long.MAX_VALUE, ring));
      }
    }
    read.addAll(told.of(Long.MAX_VALUE, ring));
    assertEquals(expected, read);
    assertFalse(ring.ring.wasBroken());
  }
}
