package dev.nsmon.format;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/// Formats and parses times of the years 0 to 9999. Written by hand, because loading a
/// `DateTimeFormatter` costs more at start than all the rest of a record.
public final class Rfc3339 {
  private static final String PATTERN = "0000-00-00T00:00:00.000000Z";

  /// The length of what [#utc] returns.
  static final int LENGTH = 27;

  private static final int SECONDS_A_MINUTE = 60;

  /// Dividing a 32-bit value by 1,000 equals multiplying by this and shifting right, see [Digits].
  private static final long PER_THOUSAND = 0x1062_4DD3L;

  private static final int PER_THOUSAND_SHIFT = 38;

  private static volatile Minute lastMinute =
      new Minute(0, "1970-01-01T00:00:".getBytes(ISO_8859_1));

  private static final class Minute {
    /// Start of the minute, in seconds since 1970.
    final long begin;

    /// The text up to the seconds.
    final byte[] text;

    Minute(long begin, byte[] text) {
      this.begin = begin;
      this.text = text;
    }
  }

  private Rfc3339() {}

  /// UTC with microseconds: `2026-11-23T10:00:00.123456Z`.
  public static String utc(Instant time) {
    return new String(ascii(time), ISO_8859_1);
  }

  /// The same as ASCII bytes.
  public static byte[] ascii(Instant time) {
    byte[] text = new byte[LENGTH];
    put(text, 0, time);
    return text;
  }

  /// Writes the same into an array, at this index.
  static void put(byte[] to, int from, Instant time) {
    // Cached, because successive times are mostly of the same minute and computing the date is the
    // slowest part.
    Minute minute = lastMinute;
    long second = time.getEpochSecond() - minute.begin;
    if (second < 0 || second >= SECONDS_A_MINUTE) {
      minute = minute(time);
      lastMinute = minute;
      second = time.getEpochSecond() - minute.begin;
    }
    int at = from + minute.text.length;
    System.arraycopy(minute.text, 0, to, from, minute.text.length);
    Digits.two(to, at, (int) second);
    to[at + 2] = '.';
    Digits.pad(to, at + 3, (time.getNano() * PER_THOUSAND) >>> PER_THOUSAND_SHIFT, 6);
    to[at + 9] = 'Z';
  }

  private static Minute minute(Instant time) {
    LocalDateTime at =
        LocalDateTime.ofInstant(time.truncatedTo(ChronoUnit.MINUTES), ZoneOffset.UTC);
    StringBuilder text = new StringBuilder(LENGTH).append(date(at.toLocalDate())).append('T');
    pad(text, at.getHour(), 2).append(':');
    pad(text, at.getMinute(), 2).append(':');
    return new Minute(at.toEpochSecond(ZoneOffset.UTC), text.toString().getBytes(ISO_8859_1));
  }

  /// The date in this zone: `2026-11-23`.
  static String date(Instant time, ZoneId zone) {
    return date(time.atZone(zone).toLocalDate());
  }

  private static String date(LocalDate at) {
    StringBuilder text = new StringBuilder(10);
    pad(text, at.getYear(), 4).append('-');
    pad(text, at.getMonthValue(), 2).append('-');
    return pad(text, at.getDayOfMonth(), 2).toString();
  }

  /// Parses exactly the form of [#utc]; empty for anything else.
  public static Optional<Instant> parseUtc(String text) {
    if (text.length() != PATTERN.length()) {
      return Optional.empty();
    }
    for (int i = 0; i < PATTERN.length(); i++) {
      char c = text.charAt(i);
      if (PATTERN.charAt(i) == '0' ? c < '0' || c > '9' : c != PATTERN.charAt(i)) {
        return Optional.empty();
      }
    }
    try {
      return Optional.of(
          LocalDateTime.of(
                  digits(text, 0, 4),
                  digits(text, 5, 7),
                  digits(text, 8, 10),
                  digits(text, 11, 13),
                  digits(text, 14, 16),
                  digits(text, 17, 19),
                  digits(text, 20, 26) * 1000)
              .toInstant(ZoneOffset.UTC));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private static int digits(String text, int begin, int end) {
    return Integer.parseInt(text, begin, end, 10);
  }

  /// Time of day with milliseconds: `10:00:00.123`.
  public static String timeOfDay(Instant time, ZoneId zone) {
    LocalTime at = time.atZone(zone).toLocalTime();
    StringBuilder text = new StringBuilder(12);
    clock(text, at);
    return pad(text.append('.'), at.get(ChronoField.MILLI_OF_SECOND), 3).toString();
  }

  private static void clock(StringBuilder text, LocalTime at) {
    pad(text, at.getHour(), 2).append(':');
    pad(text, at.getMinute(), 2).append(':');
    pad(text, at.getSecond(), 2);
  }

  private static StringBuilder pad(StringBuilder text, int value, int width) {
    String digits = Integer.toString(value);
    return text.repeat('0', Math.max(0, width - digits.length())).append(digits);
  }
}
