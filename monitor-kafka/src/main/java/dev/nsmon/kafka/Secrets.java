package dev.nsmon.kafka;

import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.ConfigDef;

/// Recognizes Kafka properties that hold secrets and masks their values in texts.
final class Secrets {
  static final String MASKED = "*****";

  /// Matches names that suggest a secret. Used for properties that no Kafka client defines, such as
  /// those of a login module.
  private static final Pattern SECRET =
      Pattern.compile("password|passphrase|secret|token|jaas|credential|private|[._]key$");

  private static final Pattern QUOTED =
      Pattern.compile("=\\s*(?:\"([^\"]*)\"|'([^']*)'|([^\\s;]+))");

  /// Shorter values are not masked: they would match parts of ordinary words.
  private static final int SHORTEST = 4;

  private Secrets() {}

  /// Whether the property with this name holds a secret.
  static boolean isSecret(String name) {
    for (ConfigDef client : KafkaProperties.CLIENTS) {
      ConfigDef.ConfigKey key = client.configKeys().get(name);
      if (key != null) {
        return key.type == ConfigDef.Type.PASSWORD;
      }
    }
    return SECRET.matcher(name.toLowerCase(Locale.ROOT)).find();
  }

  /// Replaces all secret values of these properties in the text.
  static String mask(String text, Map<String, String> properties) {
    String masked = text;
    for (Map.Entry<String, String> property : properties.entrySet()) {
      if (isSecret(property.getKey())) {
        masked = masked(masked, property.getValue());
        // An exception may quote one option of the login module without the rest of the property.
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
