package dev.nsmon.format;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.junit.jupiter.api.Test;

/// Digits are those that the JDK writes.
final class DigitsTest {
  private final byte[] to = new byte[Digits.MOST + 2];

  private String put(long value) {
    int end = Digits.put(to, 1, value);
    return new String(to, 1, end - 1, US_ASCII);
  }

  @Test
  void numbersAroundEveryPowerOfTenAndTwo() {
    for (long power = 1; power > 0 && power <= Long.MAX_VALUE / 10; power *= 10) {
      around(power);
    }
    for (int bit = 0; bit < 63; bit++) {
      around(1L << bit);
    }
    assertEquals("9223372036854775807", put(Long.MAX_VALUE));
  }

  private void around(long value) {
    for (long one = Math.max(0, value - 2); one <= value + 2; one++) {
      assertEquals(Long.toString(one), put(one));
    }
  }

  @Test
  void numbersOfAnySize() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < 2_000_000; i++) {
      long value = random.nextLong() >>> (1 + random.nextInt(63));
      assertEquals(Long.toString(value), put(value), () -> "seed " + seed);
    }
  }

  @Test
  void leadingZeros() {
    for (int value = 0; value < 1_000_000; value += 7) {
      Digits.pad(to, 1, value, 6);
      assertEquals(
          Integer.toString(1_000_000 + value).substring(1), new String(to, 1, 6, US_ASCII));
    }
  }
}
