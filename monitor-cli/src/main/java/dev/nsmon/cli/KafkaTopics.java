package dev.nsmon.cli;

import java.util.List;
import java.util.regex.Pattern;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Names of the topics.
final class KafkaTopics {
  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9._-]{1,249}");

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--kafka-topic",
      paramLabel = "TOPIC",
      defaultValue = "nsmon.events",
      description = "Topic of the events. Default: nsmon.events.")
  private String events;

  @Option(
      names = "--kafka-state-topic",
      paramLabel = "TOPIC",
      defaultValue = "nsmon.state",
      description = "Compacted topic of the namespaces that there are. Default: nsmon.state.")
  private String state;

  @Option(
      names = "--kafka-cursor-topic",
      paramLabel = "TOPIC",
      defaultValue = "nsmon.cursors",
      description =
          "Compacted topic that --kafka-exactly-once keeps its place in. Default: nsmon.cursors.")
  private String cursors;

  /// @throws ParameterException if one is no name of a topic
  void check() {
    for (String topic : List.of(events, state, cursors)) {
      if (!NAME.matcher(topic).matches()) {
        throw new ParameterException(
            spec.commandLine(), "'" + topic + "' is no topic name: up to 249 of a-z A-Z 0-9 . _ -");
      }
    }
  }

  String events() {
    return events;
  }

  String state() {
    return state;
  }

  String cursors() {
    return cursors;
  }
}
