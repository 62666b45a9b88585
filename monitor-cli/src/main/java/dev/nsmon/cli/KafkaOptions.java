package dev.nsmon.cli;

import dev.nsmon.format.Host;
import dev.nsmon.kafka.BadPropertiesException;
import dev.nsmon.kafka.KafkaProperties;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/// How to talk to Kafka.
final class KafkaOptions {
  @Option(
      names = "--kafka-config",
      paramLabel = "FILE",
      description = "Properties of the Kafka client, such as those for TLS and login.")
  private Path file;

  @Option(
      names = "-K",
      paramLabel = "NAME=VALUE",
      description = "One such property. Secrets go into the file or the environment.")
  private List<String> properties = new ArrayList<>();

  /// What was given, for brokers at `HOST:PORT[,...]`.
  KafkaProperties properties(String servers) throws BadPropertiesException {
    return properties(servers, System.getenv());
  }

  /// The same, of a process with this environment.
  KafkaProperties properties(String servers, Map<String, String> environment)
      throws BadPropertiesException {
    KafkaProperties all =
        KafkaProperties.of(
            servers,
            "nsmon-" + Host.local().name(),
            Optional.ofNullable(file),
            properties,
            Variables.withoutOptions(environment));
    if (!all.unknown().isEmpty()) {
      Words.say("Kafka clients know no property " + String.join(", ", all.unknown()));
    }
    return all;
  }
}
