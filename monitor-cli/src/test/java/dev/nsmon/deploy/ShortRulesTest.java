package dev.nsmon.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// What [ShortRules] changes, and what it leaves.
class ShortRulesTest {
  /// A time that is a `for`, or a range.
  private static final Pattern TIME =
      Pattern.compile("(?<=\"for\":\")[0-9]+[smh](?=\")|(?<=\\[)[0-9]+[smh](?=])");

  private static long seconds(MatchResult time) {
    String text = time.group();
    long number = Long.parseLong(text.substring(0, text.length() - 1));
    return switch (text.charAt(text.length() - 1)) {
      case 's' -> number;
      case 'm' -> number * 60;
      default -> number * 3600;
    };
  }

  private static List<Long> times(JsonNode rules) {
    return TIME.matcher(rules.toString()).results().map(ShortRulesTest::seconds).toList();
  }

  private static String timeless(JsonNode rules) {
    return TIME.matcher(rules.toString()).replaceAll("TIME");
  }

  @Test
  void timesAreSixtyTimesAsShortAndNothingElseDiffers() throws IOException {
    JsonNode shipped = ShortRules.shipped();
    JsonNode shortened = Deploy.json(ShortRules.text());
    assertEquals(15, shortened.at("/groups/0/rules").size());
    assertTrue(times(shipped).size() >= 15, shipped::toString);
    assertEquals(times(shipped), times(shortened).stream().map(time -> time * 60).toList());
    assertEquals(timeless(shipped), timeless(shortened));
  }

  @Test
  void aChangeOfAnythingElseWouldBeSeen() throws IOException {
    JsonNode changed = Deploy.json(ShortRules.text().replace("nsmon_sink_up == 0", "vector(1)"));
    assertFalse(timeless(ShortRules.shipped()).equals(timeless(changed)));
  }

  @Test
  void aTimeThatCannotBeShortenedIsRefused() throws IOException {
    JsonNode odd =
        Deploy.json(ShortRules.shipped().toString().replace("\"for\":\"5m\"", "\"for\":\"5d\""));
    assertThrows(IllegalArgumentException.class, () -> ShortRules.shortened(odd));
  }
}
