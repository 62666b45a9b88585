package dev.nsmon.netlink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BirthsTest {
  private final Births births = new Births();

  @Test
  void manyAreToldApartDrainAfterDrain() {
    for (int round = 0; round < 3; round++) {
      int stride = round * 512 + 1;
      for (int i = 0; i < 3000; i++) {
        assertEquals(-1, births.find(100 + i * stride));
        assertEquals(i, births.begin(100 + i * stride, false));
        if (i % 7 != round) {
          births.threads(births.find(100 + i * stride), -1);
        }
      }
      for (int i = 0; i < 3000; i++) {
        int birth = births.find(100 + i * stride);
        assertEquals(i, birth);
        assertEquals(i % 7 != round, births.isDismissed(birth));
      }
      births.clear();
    }
  }

  @Test
  void lastProcessThatGotAPidCounts() {
    births.threads(births.begin(10, false), -1);
    births.begin(10, false);
    assertEquals(1, births.find(10));
    assertTrue(births.isDismissed(0));
    assertFalse(births.isDismissed(1));
    births.clear();
    assertEquals(-1, births.find(10));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 255, 256, 257, 512, 513})
  void anyNumberIsForgotten(int many) {
    for (int round = 0; round < 2; round++) {
      for (int i = 0; i < many; i++) {
        assertEquals(i, births.begin(1 + i, false));
      }
      births.clear();
      for (int i = 0; i < many; i++) {
        assertEquals(-1, births.find(1 + i));
      }
    }
  }

  @Test
  void keptIsNeverDismissed() {
    births.threads(births.begin(10, true), -1);
    assertFalse(births.isDismissed(0));
  }
}
