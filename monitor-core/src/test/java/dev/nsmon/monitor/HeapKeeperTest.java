package dev.nsmon.monitor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/// The heap is collected when there is garbage enough, and not more often than once a second.
final class HeapKeeperTest {
  private static final long MIB = 1 << 20;

  private long used;
  private long alive;
  private long seconds;
  private int collections;
  private final HeapKeeper keeper =
      new HeapKeeper(() -> used, () -> seconds * 1_000_000_000, this::collect);

  private void collect() {
    collections++;
    used = alive;
  }

  private int after(long usedMib) {
    used = usedMib * MIB;
    seconds++;
    keeper.consider();
    return collections;
  }

  @Test
  void garbageIsCollectedBeforeTheHeapGrows() {
    alive = 10 * MIB;
    assertEquals(0, after(15));
    assertEquals(1, after(17));
    assertEquals(1, after(25));
    assertEquals(2, after(26));
  }

  @Test
  void whereMuchIsAliveMoreGarbageIsLeft() {
    alive = 100 * MIB;
    assertEquals(1, after(100));
    assertEquals(1, after(149));
    assertEquals(2, after(150));
  }

  @Test
  void thereIsOneASecondAtMost() {
    after(100);
    used = 100 * MIB;
    keeper.consider();
    assertEquals(1, collections);
    assertEquals(2, after(100));
  }
}
