package dev.nsmon.procfs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Births counted from the ids that one namespace got on each CPU, round by round.
class BirthCountTest {
  private final BirthCount count = new BirthCount();

  /// The CPU and the id that it gave, one pair after the other.
  private long round(long... cpusAndIds) {
    count.begin();
    for (int i = 0; i < cpusAndIds.length; i += 2) {
      count.made((int) cpusAndIds[i], cpusAndIds[i + 1]);
    }
    count.end();
    return count.total();
  }

  @Test
  void firstRoundIsWhatLaterOnesAreCountedFrom() {
    assertEquals(0, round(0, 900, 1, 5000));
  }

  @Test
  void twoRoundsWithoutABirthBetweenThemCountNone() {
    round(0, 10, 1, 4100);
    assertEquals(0, round(0, 11, 1, 4101));
    assertEquals(0, round(0, 12, 1, 4102));
  }

  @Test
  void numbersOfOneBatchAreBirths() {
    round(0, 10);
    assertEquals(5, round(0, 16));
    assertEquals(7, round(0, 19));
  }

  /// Batch `b` has the ids `4096 b + 1` to `4096 b + 4096`.
  @Test
  void batchThatWasLeftWasUsedUp() {
    round(0, 4096);
    assertEquals(0, round(0, 4097), "the last of one batch, the first of the next");
    round(0, 8190);
    assertEquals(4092 + 4, round(0, 8195), "8191, 8192, 8193 and 8194");
  }

  @Test
  void batchThatNoCpuHasNowWasUsedUp() {
    round(0, 4096);
    assertEquals(4096, round(0, 8193));
  }

  @Test
  void batchThatAnotherCpuHasIsCountedThere() {
    round(0, 1, 1, 4097);
    assertEquals(4095 + 3, round(0, 8196, 1, 4098));
  }

  @Test
  void cpuThatHasGoneIsCountedNoMore() {
    round(0, 10, 1, 4100);
    assertEquals(2, round(0, 13));
    assertEquals(2, round(0, 14, 1, 4150), "and begins anew when it is back");
  }

  /// Against a kernel that hands out ids by its own rule (`linux/cookie.h`).
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void countIsThatOfTheKernel(long seed) {
    Random random = new Random(seed);
    Map<Integer, Long> last = new HashMap<>();
    long[] batches = {0};
    int cpus = 1 + random.nextInt(6);
    long births = 0;
    for (int round = 0; round < 30; round++) {
      for (int i = round == 0 ? 0 : random.nextInt(9000); i > 0; i--) {
        id(random.nextInt(cpus), last, batches);
        births++;
      }
      Map<Integer, Long> made = new TreeMap<>();
      for (int cpu = 0; cpu < cpus; cpu++) {
        made.put(cpu, id(cpu, last, batches));
      }
      long[] pairs =
          made.entrySet().stream()
              .flatMapToLong(one -> LongStream.of(one.getKey(), one.getValue()))
              .toArray();
      assertEquals(births, round(pairs), "seed " + seed + ", round " + round);
    }
  }

  private static long id(int cpu, Map<Integer, Long> last, long[] batches) {
    long next = last.getOrDefault(cpu, 0L);
    if (next % 4096 == 0) {
      next = 4096 * batches[0]++;
    }
    last.put(cpu, next + 1);
    return next + 1;
  }
}
