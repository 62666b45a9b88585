package dev.nsmon.perf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nsmon.push.KernelRecord;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the short way through a storm passes over is what would have been dismissed one by one, and
/// nothing is forgotten by it.
class SievePassTest {
  /// Few, so that they are used again.
  private static final int PIDS = 40;

  private final FakeRing merged = new FakeRing();
  private final FakeRing single = new FakeRing();
  private final Told byMerge = new Told(false);
  private final Told oneByOne = new Told(false);

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void passesOverWhatIsDismissed(long seed) {
    Random random = new Random(seed);
    byMerge.sieve.follow(new int[] {1, 2}, 0);
    oneByOne.sieve.follow(new int[] {1, 2}, 0);
    long time = 0;
    for (int batch = 0; batch < 50; batch++) {
      for (int i = random.nextInt(120); i > 0; i--) {
        time += random.nextInt(3);
        write(random, time);
      }
      long until = time - random.nextInt(4);
      byMerge.sieve.begin(0);
      List<KernelRecord> merged = byMerge.records(until, this.merged);
      assertEquals(oneByOne(until), merged, "batch " + batch);
    }
    assertTrue(merged.tail() > 64 * 1024, "the ring has wrapped round");
  }

  private List<KernelRecord> oneByOne(long until) {
    oneByOne.sieve.begin(0);
    PerfRing ring = single.ring;
    ring.look();
    while (ring.time < until) {
      oneByOne.sieve.take(ring.words, ring.at, ring.longs);
      ring.next();
    }
    ring.release();
    return oneByOne.sieve.drainRecords();
  }

  private void write(Random random, long time) {
    long seed = random.nextLong();
    write(merged, new Random(seed), time);
    write(single, new Random(seed), time);
  }

  private static void write(FakeRing ring, Random random, long time) {
    int pid = 1 + random.nextInt(PIDS);
    int tid = random.nextInt(5) == 0 ? pid + 1000 : pid;
    int parent = 1 + random.nextInt(PIDS);
    switch (random.nextInt(40)) {
      case 0 -> ring.moved(time, pid, tid);
      case 1 -> ring.moved(time, pid, tid, FakeRing.but(random.nextInt(7), 99));
      case 2 -> ring.forked(time, pid, tid, parent, FakeRing.but(random.nextInt(7), 99));
      case 3 -> ring.forked(time, pid, tid, parent, 11, 12, 13);
      case 4 -> ring.forked(time, pid, tid, parent, 11, 12, 13, 14, 15, 16, 17, 18);
      case 5 -> ring.executed(time, pid, "sh" + random.nextInt(3));
      case 6 -> ring.renamed(time, pid, tid, "name");
      case 7 -> ring.lost(time, 3);
      case 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18 -> ring.exited(time, pid, tid);
      default -> ring.forked(time, pid, tid, parent);
    }
  }
}
