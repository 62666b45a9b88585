package dev.nsmon.kafka;

import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.ConfigDef;

/// Which Kafka properties are secrets, and texts without them.
final class Secrets {
  static final String MASKED = "*****";

  /// Names that no client knows, such as those of a login module, and that sound like a secret.
  private static final Pattern SECRET =
      Pattern.compile("password|passphrase|secret|token|jaas|credential|private|[._]key$");

  private static final Pattern QUOTED =
      Pattern.compile("=\\s*(?:\"([^\"]*)\"|'([^']*)'|([^\\s;]+))");

  /// What is shorter is in other words too.
  private static final int SHORTEST = 4;

  private Secrets() {}

  /// Whether the property of this name is one.
  static boolean isSecret(String name) {
    for (ConfigDef client : KafkaProperties.CLIENTS) {
      ConfigDef.ConfigKey key = client.configKeys().get(name);
      if (key != null) {
        return key.type == ConfigDef.Type.PASSWORD;
      }
    }
    return SECRET.matcher(name.toLowerCase(Locale.ROOT)).find();
  }

  /// The text without the secrets among these properties.
  static String mask(String text, Map<String, String> properties) {
    String masked = text;
    for (Map.Entry<String, String> property : properties.entrySet()) {
      if (isSecret(property.getKey())) {
        masked = masked(masked, property.getValue());
        // What a login module was told may come back alone.
        Matcher part = QUOTED.matcher(property.getValue());
        while (part.find()) {
          for (int group = 1; group <= part.groupCount(); group++) {
            masked = part.group(group) == null ? masked : masked(masked, part.group(group));
          }
        }
      }
    }
    return masked;
  }

  private static String masked(String text, String secret) {
    return secret.length() < SHORTEST ? text : text.replace(secret, MASKED);
  }
}
