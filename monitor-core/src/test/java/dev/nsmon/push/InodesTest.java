package dev.nsmon.push;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nsmon.namespace.NamespaceType;
import org.junit.jupiter.api.Test;

/// The inodes that a record names.
class InodesTest {
  private static final int TYPES = NamespaceType.values().length;

  private static long[] numbered() {
    long[] inodes = new long[TYPES];
    for (NamespaceType type : NamespaceType.values()) {
      inodes[type.ordinal()] = 100L + type.ordinal();
    }
    return inodes;
  }

  @Test
  void eachTypeHasItsOwn() {
    Inodes inodes = new Inodes(numbered());
    for (NamespaceType type : NamespaceType.values()) {
      assertEquals(100 + type.ordinal(), inodes.of(type));
    }
  }

  @Test
  void theyAreKnownIfOneIsNamed() {
    long[] one = new long[TYPES];
    one[NamespaceType.UTS.ordinal()] = 7;
    assertTrue(new Inodes(one).isKnown());
    assertFalse(new Inodes(new long[TYPES]).isKnown());
    assertFalse(Inodes.NONE.isKnown());
  }

  @Test
  void theyStayWhateverBecomesOfTheArray() {
    long[] source = numbered();
    Inodes inodes = new Inodes(source);
    source[0] = 7;
    assertEquals(100, inodes.of(NamespaceType.CGROUP));
  }

  @Test
  void equalAreThoseThatNameTheSame() {
    long[] other = numbered();
    other[TYPES - 1]++;
    assertEquals(new Inodes(numbered()), new Inodes(numbered()));
    assertEquals(new Inodes(numbered()).hashCode(), new Inodes(numbered()).hashCode());
    assertNotEquals(new Inodes(numbered()), new Inodes(other));
    assertEquals("[0, 0, 0, 0, 0, 0, 0, 0]", Inodes.NONE.toString());
  }

  @Test
  void thereIsOneForEachType() {
    assertThrows(IllegalArgumentException.class, () -> new Inodes(new long[TYPES - 1]));
  }
}
