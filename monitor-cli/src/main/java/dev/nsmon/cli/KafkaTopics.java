package dev.nsmon.cli;

import java.util.regex.Pattern;
import picocli.CommandLine.Option;

/// Options for the names of the topics.
final class KafkaTopics {
  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9._-]{1,249}");

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

  /// Reports invalid topic names, and two uses of one topic.
  void check(Faults faults) {
    check("--kafka-topic", events, faults);
    check("--kafka-state-topic", state, faults);
    check("--kafka-cursor-topic", cursors, faults);
    distinct("--kafka-state-topic", state, "--kafka-topic", events, faults);
    distinct("--kafka-cursor-topic", cursors, "--kafka-topic", events, faults);
    distinct("--kafka-cursor-topic", cursors, "--kafka-state-topic", state, faults);
  }

  /// Reports two uses of one topic. Events need retention by time, since compaction would keep only
  /// the last record of each host; state and cursors need compaction.
  private static void distinct(
      String option, String topic, String other, String otherTopic, Faults faults) {
    if (topic.equals(otherTopic)) {
      boolean given = faults.isGiven(option);
      faults.add(
          given ? option : other,
          ": "
              + (given ? other : option)
              + " is "
              + topic
              + " too, and a topic is for one of them");
    }
  }

  private static void check(String option, String topic, Faults faults) {
    if (!NAME.matcher(topic).matches()) {
      faults.add(option, ": '" + topic + "' is no topic name: up to 249 of a-z A-Z 0-9 . _ -");
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
