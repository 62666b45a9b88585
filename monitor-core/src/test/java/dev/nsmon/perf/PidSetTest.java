package dev.nsmon.perf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A set of the pids that there can be: from 1 to below `PID_MAX_LIMIT`, 2^22.
class PidSetTest {
  private final PidSet set = new PidSet();

  @ParameterizedTest
  @ValueSource(ints = {1, 63, 64, 65, 32_767, 32_768, 32_769, 65_536, 100_000, 4_194_303})
  void eachPidIsInItWithoutItsNeighbours(int pid) {
    assertFalse(set.contains(pid));
    set.add(pid);
    assertTrue(set.contains(pid));
    assertFalse(set.contains(pid - 1));
    assertFalse(set.contains(pid + 1));
    assertFalse(set.contains(pid + 64));
    set.remove(pid + 64);
    set.remove(pid);
    assertFalse(set.contains(pid));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, -64, Integer.MIN_VALUE, 4_194_304, Integer.MAX_VALUE})
  void whatIsNoPidIsNeverInIt(int pid) {
    set.add(pid);
    assertFalse(set.contains(pid));
    set.remove(pid);
    assertFalse(set.contains(pid));
  }

  @Test
  void itIsTheSameAsAnySet() {
    Random random = new Random(1);
    Set<Integer> expected = new HashSet<>();
    for (int i = 0; i < 20_000; i++) {
      // Few of them, over the whole range and beyond what it has room for at first.
      int pid = 1 + random.nextInt(200) * 20_971;
      if (random.nextBoolean()) {
        set.add(pid);
        expected.add(pid);
      } else {
        set.remove(pid);
        expected.remove(pid);
      }
      int any = 1 + random.nextInt(200) * 20_971;
      assertEquals(expected.contains(any), set.contains(any));
    }
  }
}
