package dev.nsmon.cli;

import dev.nsmon.format.Host;
import dev.nsmon.kafka.BadPropertiesException;
import dev.nsmon.kafka.KafkaProperties;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/// Whether to show a fleet instead of this host, and what of it.
final class FleetOptions {
  @Option(
      names = "--from",
      paramLabel = "kafka://HOST:PORT[,...]/TOPIC",
      converter = KafkaPlace.Converter.class,
      description = "Show what monitors have published there, and not this host.")
  private KafkaPlace from;

  @Option(
      names = "--host",
      split = ",",
      paramLabel = "HOST",
      description = "With --from, only these hosts, by name or id.")
  private Set<String> hosts = new LinkedHashSet<>();

  @Mixin private KafkaOptions kafka;

  /// Whether there is a place to read from. What then makes no sense is refused, as is without one
  /// what needs it.
  ///
  /// @param local options that only make sense for this host
  /// @param ours options of the command that only make sense for a fleet
  boolean isAsked(CommandSpec spec, List<String> local, List<String> ours) {
    ParseResult given = spec.commandLine().getParseResult();
    if (from != null) {
      refuse(spec, given, local, " is for this host, and makes no sense with --from");
      return true;
    }
    refuse(spec, given, List.of("--host", "--kafka-config", "-K"), " needs --from");
    refuse(spec, given, ours, " needs --from");
    return false;
  }

  private static void refuse(
      CommandSpec spec, ParseResult given, List<String> options, String because) {
    for (String option : options) {
      if (given.hasMatchedOption(option)) {
        throw new ParameterException(spec.commandLine(), option + because);
      }
    }
  }

  KafkaProperties properties() throws BadPropertiesException {
    return kafka.properties(from.servers());
  }

  /// The topic to read.
  ///
  /// @param usual where none was named
  String topic(String usual) {
    return from.topic().orElse(usual);
  }

  /// Whether to show this one.
  boolean shows(Host host) {
    return hosts.isEmpty() || hosts.contains(host.name()) || hosts.contains(host.id());
  }
}
