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
import java.util.Arrays;
import java.util.Optional;

/// Times as they are written. By hand, since a `DateTimeFormatter` costs more at start than all
/// else that a record needs.
public final class Rfc3339 {
  private static final String PATTERN = "0000-00-00T00:00:00.000000Z";
  private static final int SECONDS_A_DAY = 86_400;

  private static volatile Day lastDay = new Day(0, "1970-01-01T".getBytes(ISO_8859_1));

  private static final class Day {
    /// Of days since 1970.
    final long number;

    /// Its date and what stands before the time of day.
    final byte[] text;

    Day(long number, byte[] text) {
      this.number = number;
      this.text = text;
    }
  }

  private Rfc3339() {}

  /// UTC with microseconds: `2026-11-23T10:00:00.123456Z`.
  public static String utc(Instant time) {
    return new String(ascii(time), ISO_8859_1);
  }

  /// The same as bytes.
  public static byte[] ascii(Instant time) {
    // What comes one after the other is mostly of one day, and to find its date takes longest.
    long number = Math.floorDiv(time.getEpochSecond(), SECONDS_A_DAY);
    Day day = lastDay;
    if (day.number != number) {
      day = new Day(number, (date(LocalDate.ofEpochDay(number)) + 'T').getBytes(ISO_8859_1));
      lastDay = day;
    }
    int second = Math.floorMod(time.getEpochSecond(), SECONDS_A_DAY);
    int at = day.text.length;
    byte[] text = Arrays.copyOf(day.text, at + 16);
    digits(text, at, second / 3600, 2);
    text[at + 2] = ':';
    digits(text, at + 3, second / 60 % 60, 2);
    text[at + 5] = ':';
    digits(text, at + 6, second % 60, 2);
    text[at + 8] = '.';
    digits(text, at + 9, time.getNano() / 1000, 6);
    text[at + 15] = 'Z';
    return text;
  }

  private static void digits(byte[] to, int from, int value, int width) {
    int left = value;
    for (int at = from + width - 1; at >= from; at--) {
      to[at] = (byte) ('0' + left % 10);
      left /= 10;
    }
  }

  /// The date there: `2026-11-23`.
  static String date(Instant time, ZoneId zone) {
    return date(time.atZone(zone).toLocalDate());
  }

  private static String date(LocalDate at) {
    StringBuilder text = new StringBuilder(10);
    pad(text, at.getYear(), 4).append('-');
    pad(text, at.getMonthValue(), 2).append('-');
    return pad(text, at.getDayOfMonth(), 2).toString();
  }

  /// Reads what [#utc] wrote, and nothing else; empty if it is not that.
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
