package dev.nsmon.monitor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/// The heap is collected when there is garbage enough, and that takes no more than a tenth of the
/// time.
final class HeapKeeperTest {
  private static final long MIB = 1 << 20;

  private long used;
  private long alive;
  private long millis;
  private long takesMillis;
  private int collections;
  private final HeapKeeper keeper =
      new HeapKeeper(() -> used, () -> millis * 1_000_000, this::collect);

  private void collect() {
    collections++;
    used = alive;
    millis += takesMillis;
  }

  private int after(long usedMib) {
    return after(usedMib, 100);
  }

  private int after(long usedMib, long pauseMillis) {
    used = usedMib * MIB;
    millis += pauseMillis;
    keeper.consider();
    return collections;
  }

  @Test
  void garbageIsCollectedBeforeTheHeapGrows() {
    alive = 10 * MIB;
    assertEquals(0, after(11));
    assertEquals(1, after(13));
    assertEquals(1, after(21));
    assertEquals(2, after(22));
  }

  @Test
  void whereMuchIsAliveMoreGarbageIsLeft() {
    alive = 100 * MIB;
    assertEquals(1, after(100));
    assertEquals(1, after(149));
    assertEquals(2, after(150));
  }

  @Test
  void thereAreTenASecondAtMost() {
    assertEquals(0, after(100, 99));
    assertEquals(1, after(100, 1));
    assertEquals(1, after(100, 99));
    assertEquals(2, after(100, 1));
  }

  @Test
  void theLongerOneTakesTheRarerTheyAre() {
    takesMillis = 50;
    assertEquals(1, after(100));
    assertEquals(1, after(100, 499));
    takesMillis = 1;
    assertEquals(2, after(100, 1));
    assertEquals(3, after(100));
  }
}
