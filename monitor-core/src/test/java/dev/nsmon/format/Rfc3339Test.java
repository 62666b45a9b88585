package dev.nsmon.format;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Times are those that the JDK's formatter writes, in whatever order they come.
final class Rfc3339Test {
  private static final DateTimeFormatter FORMATTER =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1970-01-01T00:00:00Z",
        "1969-12-31T23:59:59.999999999Z",
        "1965-03-01T00:00:00Z",
        "2024-02-29T23:59:59.999999Z",
        "2024-03-01T00:00:00Z",
        "9999-12-31T23:59:59.999999999Z"
      })
  void edges(String time) {
    Instant at = Instant.parse(time);
    assertEquals(FORMATTER.format(at), Rfc3339.utc(at));
  }

  @Test
  void anyTime() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    long second = 0;
    for (int i = 0; i < 200_000; i++) {
      // Mostly near the one before, as events are.
      second =
          random.nextInt(4) == 0
              ? random.nextLong(-1L << 32, 1L << 36)
              : second + random.nextInt(90) - 30;
      Instant at = Instant.ofEpochSecond(second, random.nextInt(1_000_000_000));
      String text = Rfc3339.utc(at);
      assertEquals(FORMATTER.format(at), text, () -> "seed " + seed);
      assertEquals(Optional.of(at.truncatedTo(ChronoUnit.MICROS)), Rfc3339.parseUtc(text));
    }
  }
}
