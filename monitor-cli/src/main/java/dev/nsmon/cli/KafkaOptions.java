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

/// Options for the properties of the Kafka clients.
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

  /// The file of `--kafka-config`; empty if there is none.
  Optional<Path> file() {
    return Optional.ofNullable(file);
  }

  /// Checks the given properties by themselves. Reads no file.
  void checkForm() throws BadPropertiesException {
    KafkaProperties.checkForm(properties);
  }

  /// The merged properties of options, environment and file.
  ///
  /// @param servers brokers, `HOST:PORT[,...]`
  KafkaProperties properties(String servers) throws BadPropertiesException {
    return properties(servers, System.getenv());
  }

  /// The same for a process with this environment. Warns of properties that no Kafka client has.
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
