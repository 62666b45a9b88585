package dev.nsmon.format;

/// Writes decimal digits into a byte array, two at a time. It multiplies instead of dividing,
/// because the client compiler (C1) does not replace a division by a constant, and division would
/// dominate the cost.
final class Digits {
  /// The number of digits of the largest `long`.
  static final int MOST = 19;

  private static final byte[] TENS = new byte[100];
  private static final byte[] ONES = new byte[100];

  static {
    for (int pair = 0; pair < 100; pair++) {
      TENS[pair] = (byte) ('0' + pair / 10);
      ONES[pair] = (byte) ('0' + pair % 10);
    }
  }

  /// Dividing a 32-bit value by 100 equals multiplying by this and shifting right.
  private static final long PER_HUNDRED = 0x51EB_851FL;

  private static final int PER_HUNDRED_SHIFT = 37;
  private static final long MAX_32 = 0xFFFF_FFFFL;
  private static final long EIGHT = 100_000_000;

  private Digits() {}

  /// Writes all digits of a number.
  ///
  /// @param value not negative
  /// @param to an array with room for [#MOST] bytes from `at` on
  /// @return index behind the last digit
  static int put(byte[] to, int at, long value) {
    if (value > MAX_32) {
      long high = value / EIGHT;
      int end = put(to, at, high);
      long low = value - high * EIGHT;
      return pad(to, end, low, 8);
    }
    int end = at + count(value);
    int next = end;
    long left = value;
    while (left >= 100) {
      long hundreds = hundreds(left);
      two(to, next -= 2, (int) (left - hundreds * 100));
      left = hundreds;
    }
    if (left >= 10) {
      two(to, next - 2, (int) left);
    } else {
      to[next - 1] = (byte) ('0' + left);
    }
    return end;
  }

  /// Writes a fixed, even number of digits, with leading zeros.
  ///
  /// @param value a 32-bit value that has no more digits
  /// @return index behind the last digit
  static int pad(byte[] to, int at, long value, int digits) {
    long left = value;
    for (int next = at + digits - 2; next >= at; next -= 2) {
      long hundreds = hundreds(left);
      two(to, next, (int) (left - hundreds * 100));
      left = hundreds;
    }
    return at + digits;
  }

  /// Writes two digits.
  ///
  /// @param value less than 100
  static void two(byte[] to, int at, int value) {
    to[at] = TENS[value];
    to[at + 1] = ONES[value];
  }

  private static long hundreds(long value) {
    return (value * PER_HUNDRED) >>> PER_HUNDRED_SHIFT;
  }

  private static int count(long value) {
    if (value < 100_000) {
      if (value < 100) {
        return value < 10 ? 1 : 2;
      }
      if (value < 1_000) {
        return 3;
      }
      return value < 10_000 ? 4 : 5;
    }
    if (value < 10_000_000) {
      return value < 1_000_000 ? 6 : 7;
    }
    if (value < 100_000_000) {
      return 8;
    }
    return value < 1_000_000_000 ? 9 : 10;
  }
}
