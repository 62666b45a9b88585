package dev.nsmon.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.regex.Pattern;

/// The alerts of `deploy/`, sixty times as fast: in each `for` and each range, minutes are seconds
/// and hours are minutes. Everything else is as it is shipped.
public final class ShortRules {
  private static final Pattern RANGE = Pattern.compile("(?<=\\[)[0-9]+[mh](?=])");

  private ShortRules() {}

  /// As a file of rules.
  public static String text() throws IOException {
    return shortened(shipped()).toString();
  }

  static JsonNode shipped() throws IOException {
    return Deploy.yaml(Deploy.read("prometheus/nsmon.rules.yaml")).getFirst();
  }

  static JsonNode shortened(JsonNode shipped) {
    JsonNode copy = shipped.deepCopy();
    for (JsonNode rule : copy.at("/groups/0/rules")) {
      ObjectNode changed = (ObjectNode) rule;
      changed.put(
          "expr",
          RANGE.matcher(rule.get("expr").asText()).replaceAll(range -> shortened(range.group())));
      if (rule.has("for")) {
        changed.put("for", shortened(rule.get("for").asText()));
      }
    }
    return copy;
  }

  private static String shortened(String time) {
    char unit =
        switch (time.charAt(time.length() - 1)) {
          case 'm' -> 's';
          case 'h' -> 'm';
          default -> throw new IllegalArgumentException(time + " is not in minutes or hours");
        };
    return time.substring(0, time.length() - 1) + unit;
  }
}
