package dev.nsmon.cli;

import dev.nsmon.format.Host;
import dev.nsmon.kafka.BadPropertiesException;
import dev.nsmon.kafka.KafkaProperties;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/// Options of commands that can read from Kafka or a remote monitor instead of this host.
final class FleetOptions {
  private static final List<String> OF_KAFKA = List.of("--host", "--kafka-config", "-K");
  private static final List<String> OF_MONITOR = List.of("--token-file", "--tls-ca");

  @Option(
      names = "--from",
      paramLabel = "PLACE",
      converter = Place.Converter.class,
      description = {
        "Show not this host but what monitors have published to kafka://HOST:PORT[,...]/TOPIC,",
        "or what the monitor at ws://HOST:PORT (wss://HOST:PORT with TLS) tells."
      })
  private Place from;

  @Option(
      names = "--host",
      split = ",",
      paramLabel = "HOST",
      description = "With --from kafka://, only these hosts, by name or id.")
  private Set<String> hosts = new LinkedHashSet<>();

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description = "With --from ws://, the secret to show.")
  private Path token;

  @Option(
      names = "--tls-ca",
      paramLabel = "FILE",
      description = "With --from wss://, the certificates to trust, in PEM, and no others.")
  private Path ca;

  @Mixin private KafkaOptions kafka;

  /// The value of `--from`; empty for this host. Rejects options that do not apply to it.
  ///
  /// @param local the command's options for this host only
  /// @param ofKafka the command's options for Kafka only
  /// @param notOfKafka the command's options that do not apply to Kafka
  /// @throws ParameterException for the first option that does not apply
  Optional<Place> place(
      CommandSpec spec, List<String> local, List<String> ofKafka, List<String> notOfKafka) {
    ParseResult given = spec.commandLine().getParseResult();
    if (from == null) {
      refuse(spec, given, OF_KAFKA, " needs --from");
      refuse(spec, given, OF_MONITOR, " needs --from");
      refuse(spec, given, ofKafka, " needs --from");
      return Optional.empty();
    }
    refuse(spec, given, local, " is for this host, and makes no sense with --from");
    switch (from) {
      case Place.Kafka _ -> {
        refuse(spec, given, notOfKafka, " makes no sense with --from kafka://");
        refuse(spec, given, OF_MONITOR, " needs --from ws:// or wss://");
      }
      case Place.Monitor monitor -> {
        refuse(spec, given, OF_KAFKA, " is for Kafka, and makes no sense with --from ws://");
        refuse(spec, given, ofKafka, " is for Kafka, and makes no sense with --from ws://");
        if (!monitor.secure()) {
          refuse(spec, given, List.of("--tls-ca"), " needs --from wss://");
        }
      }
    }
    return Optional.of(from);
  }

  private static void refuse(
      CommandSpec spec, ParseResult given, List<String> options, String because) {
    for (String option : options) {
      if (given.hasMatchedOption(option)) {
        throw new ParameterException(spec.commandLine(), option + because);
      }
    }
  }

  KafkaProperties properties(Place.Kafka place) throws BadPropertiesException {
    return kafka.properties(place.servers());
  }

  Remote remote(Place.Monitor place) throws RemoteFault {
    if (token != null && !place.secure() && !place.isLoopback()) {
      Words.say("the token goes to " + place + " for all to read on the way: wss:// is safe");
    }
    return new Remote(place, Optional.ofNullable(token), Optional.ofNullable(ca));
  }

  /// Whether `--host` includes this host; true without it.
  boolean shows(Host host) {
    return hosts.isEmpty() || hosts.contains(host.name()) || hosts.contains(host.id());
  }
}
