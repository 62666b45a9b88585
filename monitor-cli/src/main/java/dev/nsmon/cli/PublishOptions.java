package dev.nsmon.cli;

import dev.nsmon.cli.Serving.Publisher;
import dev.nsmon.event.EventFilter;
import dev.nsmon.event.Kind;
import dev.nsmon.format.EventFormat;
import dev.nsmon.format.Host;
import dev.nsmon.format.Style;
import dev.nsmon.format.TextFormat;
import dev.nsmon.kafka.BadPropertiesException;
import dev.nsmon.kafka.KafkaProperties;
import dev.nsmon.kafka.KafkaSink;
import dev.nsmon.kafka.StateSink;
import dev.nsmon.log.Present;
import dev.nsmon.namespace.HostClock;
import dev.nsmon.namespace.NamespaceType;
import dev.nsmon.sink.FilteredSink;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Where `serve` publishes events.
final class PublishOptions {
  private static final List<String> OF_KAFKA =
      List.of(
          "--kafka-topic",
          "--kafka-state-topic",
          "--kafka-cursor-topic",
          "--kafka-config",
          "-K",
          "--kafka-exactly-once");

  private static final List<String> RELOADED =
      List.of("--kafka-format", "--kafka-type", "--kafka-event", "--kafka-attention");

  /// Two are held in memory, one on its way and the next: some 3 MiB.
  private static final int BATCH = 2048;

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

  @Option(
      names = "--kafka-format",
      paramLabel = "FORMAT",
      defaultValue = "json",
      converter = Converters.OfRecords.class,
      description =
          "What values are: json (default), which --from reads; or cloudevents, ecs, ocsf, cef,"
              + " syslog, text.")
  private RecordChoice format;

  @Option(
      names = "--kafka-type",
      split = ",",
      paramLabel = "TYPE",
      converter = Converters.OfType.class,
      description =
          "Publish only events about these types, such as net,pid; the topic of states has all.")
  private Set<NamespaceType> types = new LinkedHashSet<>();

  @Option(
      names = "--kafka-event",
      split = ",",
      paramLabel = "KIND",
      converter = Converters.OfKind.class,
      description = "Publish only events of these kinds, such as process-joined.")
  private Set<Kind> kinds = new LinkedHashSet<>();

  @Option(names = "--kafka-attention", description = "Publish only what deserves attention.")
  private boolean attention;

  private KafkaProperties properties;

  /// What publishes, once it does.
  private Running running;

  private record Running(KafkaSink sink, FilteredSink filtered, Host host, String stream) {}

  /// Finds options that contradict each other.
  ///
  /// @param journal whether there is to be one
  void check(Faults faults, boolean journal) {
    if (servers == null) {
      faults.needs("--kafka", OF_KAFKA);
      faults.needs("--kafka", RELOADED);
    } else if (exactlyOnce && !journal) {
      faults.add("--kafka-exactly-once", " needs a journal, so not --journal none");
    }
    topics.check(faults);
  }

  /// Reads what the clients are set up with.
  ///
  /// @throws BadPropertiesException if it can't be used
  void prepare(Map<String, String> environment) throws BadPropertiesException {
    if (servers != null) {
      properties = options.properties(servers, environment);
    }
  }

  /// The sinks to carry events to.
  ///
  /// @param stream the stream that numbers belong to
  /// @param present the state of the host
  List<Publisher> publishers(Host host, String stream, Supplier<Present> present, HostClock clock) {
    if (servers == null) {
      return List.of();
    }
    Consumer<String> remarks = Words::say;
    List<Publisher> publishers = new ArrayList<>();
    EventFormat values = format(host, stream);
    KafkaSink sink =
        exactlyOnce
            ? KafkaSink.exactlyOnce(
                properties, topics.events(), topics.cursors(), host, stream, values, remarks, clock)
            : KafkaSink.atLeastOnce(
                properties, topics.events(), host, stream, values, remarks, clock);
    running = new Running(sink, new FilteredSink(sink, filter()), host, stream);
    publishers.add(new Publisher("kafka:" + topics.events(), true, running.filtered(), BATCH));
    publishers.add(
        new Publisher(
            "kafka:" + topics.state(),
            false,
            new StateSink(properties, topics.state(), host, stream, present, remarks, clock),
            BATCH));
    return publishers;
  }

  private EventFormat format(Host host, String stream) {
    return format.format(
        host, stream, new TextFormat(Style.PLAIN, ZoneId.systemDefault()).withDate());
  }

  private EventFilter filter() {
    return FilterOptions.ofSink(types, kinds, attention);
  }

  /// Publishes from now on as these options say; the options that took effect by that.
  List<String> reload(PublishOptions next) {
    if (running == null || next.servers == null) {
      return List.of();
    }
    running.sink().format(next.format(running.host(), running.stream()));
    running.filtered().filter(next.filter());
    return RELOADED;
  }
}
