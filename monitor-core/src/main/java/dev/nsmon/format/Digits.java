package dev.nsmon.format;

/// Writes decimal digits into memory, two at a time. Multiplies where others divide: the client
/// compiler makes no multiplication of a division by a constant, which takes longer than all else.
final class Digits {
  /// Of the largest `long`.
  static final int MOST = 19;

  private static final byte[] TENS = new byte[100];
  private static final byte[] ONES = new byte[100];

  static {
    for (int pair = 0; pair < 100; pair++) {
      TENS[pair] = (byte) ('0' + pair / 10);
      ONES[pair] = (byte) ('0' + pair % 10);
    }
  }

  /// A division by 100 of what has 32 bits is a multiplication by this and a shift.
  private static final long PER_HUNDRED = 0x51EB_851FL;

  private static final int PER_HUNDRED_SHIFT = 37;
  private static final long MAX_32 = 0xFFFF_FFFFL;
  private static final long EIGHT = 100_000_000;

  private Digits() {}

  /// Writes all digits of a number.
  ///
  /// @param value not negative
  /// @param to has room for [#MOST] from there on
  /// @return where they end
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

  /// Writes as many digits, an even number of them, with leading zeros.
  ///
  /// @param value has no more, and fits into 32 bits
  /// @return where they end
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
