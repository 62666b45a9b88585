package dev.nsmon.cli;

import dev.nsmon.cli.Serving.Publisher;
import dev.nsmon.format.Host;
import dev.nsmon.kafka.BadPropertiesException;
import dev.nsmon.kafka.KafkaProperties;
import dev.nsmon.kafka.KafkaSink;
import dev.nsmon.kafka.StateSink;
import dev.nsmon.log.Present;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Where `serve` publishes events.
final class PublishOptions {
  /// Two are held in memory, one on its way and the next: some 3 MiB.
  private static final int BATCH = 2048;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--kafka",
      paramLabel = "HOST:PORT[,...]",
      description = "Publish to these Kafka brokers.")
  private String servers;

  @Mixin private KafkaTopics topics;

  @Mixin private KafkaOptions options;

  @Option(
      names = "--kafka-exactly-once",
      description =
          "Publish each batch in a transaction, so that who reads what is committed sees no event"
              + " twice.")
  private boolean exactlyOnce;

  private KafkaProperties properties;

  /// @param journal whether there is to be one
  /// @throws ParameterException if options contradict each other
  /// @throws BadPropertiesException if the properties can't be used
  void check(boolean journal) throws BadPropertiesException {
    if (servers == null) {
      if (exactlyOnce) {
        throw new ParameterException(spec.commandLine(), "--kafka-exactly-once needs --kafka");
      }
      return;
    }
    if (exactlyOnce && !journal) {
      throw new ParameterException(
          spec.commandLine(), "--kafka-exactly-once needs a journal, so not --journal none");
    }
    topics.check();
    properties = options.properties(servers);
  }

  /// The sinks to carry events to.
  ///
  /// @param stream the stream that numbers belong to
  /// @param present the state of the host
  List<Publisher> publishers(Host host, String stream, Supplier<Present> present) {
    if (servers == null) {
      return List.of();
    }
    Consumer<String> remarks = Words::say;
    List<Publisher> publishers = new ArrayList<>();
    publishers.add(
        new Publisher(
            "kafka:" + topics.events(),
            true,
            exactlyOnce
                ? KafkaSink.exactlyOnce(
                    properties, topics.events(), topics.cursors(), host, stream, remarks)
                : KafkaSink.atLeastOnce(properties, topics.events(), host, stream, remarks),
            BATCH));
    publishers.add(
        new Publisher(
            "kafka:" + topics.state(),
            false,
            new StateSink(properties, topics.state(), host, stream, present, remarks),
            BATCH));
    return publishers;
  }
}
