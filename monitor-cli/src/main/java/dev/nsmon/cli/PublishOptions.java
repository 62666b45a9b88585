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
import dev.nsmon.kafka.PublisherCheck;
import dev.nsmon.kafka.StateSink;
import dev.nsmon.log.Present;
import dev.nsmon.namespace.HostClock;
import dev.nsmon.namespace.NamespaceType;
import dev.nsmon.sink.FilteredSink;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

  /// By stream, what publishes, once it does. Another thread replaces one when it has failed.
  private final RunningSinks<EventFormat> running = new RunningSinks<>();

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

  /// Reads what the clients are set up with, and says what is wrong with it.
  List<BadPropertiesException> prepare(Map<String, String> environment) {
    if (servers == null) {
      return List.of();
    }
    try {
      properties = options.properties(servers, environment);
      return PublisherCheck.faults(properties);
    } catch (BadPropertiesException e) {
      return List.of(e);
    }
  }

  /// Checks the properties of the clients by themselves, and returns errors in them. Reads no file.
  List<BadPropertiesException> checkForm() {
    try {
      options.checkForm();
      return List.of();
    } catch (BadPropertiesException e) {
      return List.of(e);
    }
  }

  /// Where the brokers are said to be, not looked up.
  List<InetSocketAddress> brokers() {
    return servers == null
        ? List.of()
        : Arrays.stream(servers.split(",", -1))
            .map(String::strip)
            .map(
                one -> {
                  int colon = one.lastIndexOf(':');
                  String host = one.substring(0, colon).replaceAll("[\\[\\]]", "");
                  int port = Integer.parseInt(one.substring(colon + 1));
                  return InetSocketAddress.createUnresolved(host, port);
                })
            .toList();
  }

  /// The file of its properties.
  Optional<Path> config() {
    return options.file();
  }

  /// The sinks to carry events to.
  ///
  /// @param stream the stream that numbers belong to
  /// @param present the state of the host
  List<Publisher> publishers(Host host, String stream, Supplier<Present> present, HostClock clock) {
    if (servers == null) {
      return List.of();
    }
    return List.of(
        events(host, stream, false, clock),
        new Publisher(
            "kafka:" + topics.state(),
            false,
            () ->
                new StateSink(properties, topics.state(), host, stream, present, Words::say, clock),
            BATCH));
  }

  /// The sinks to carry what is left of an earlier stream to: the topic of states is of the
  /// present.
  List<Publisher> publishersBeside(Host host, String stream, HostClock clock) {
    return servers == null ? List.of() : List.of(events(host, stream, true, clock));
  }

  private Publisher events(Host host, String stream, boolean isEarlier, HostClock clock) {
    return new Publisher(
        "kafka:" + topics.events(), true, () -> sink(host, stream, isEarlier, clock), BATCH);
  }

  private synchronized FilteredSink sink(
      Host host, String stream, boolean isEarlier, HostClock clock) {
    KafkaSink sink = kafkaSink(host, stream, isEarlier, clock);
    return running.add(host, stream, sink::format, new FilteredSink(sink, filter()));
  }

  private KafkaSink kafkaSink(Host host, String stream, boolean isEarlier, HostClock clock) {
    Consumer<String> remarks = Words::say;
    EventFormat values = format(host, stream);
    String topic = topics.events();
    if (!exactlyOnce) {
      return KafkaSink.atLeastOnce(properties, topic, host, stream, values, remarks, clock);
    }
    return isEarlier
        ? KafkaSink.exactlyOnceBeside(
            properties, topic, topics.cursors(), host, stream, values, remarks, clock)
        : KafkaSink.exactlyOnce(
            properties, topic, topics.cursors(), host, stream, values, remarks, clock);
  }

  private EventFormat format(Host host, String stream) {
    return format.format(
        host, stream, new TextFormat(Style.PLAIN, ZoneId.systemDefault()).withDate());
  }

  private EventFilter filter() {
    return FilterOptions.ofSink(types, kinds, attention);
  }

  /// Publishes from now on as these options say; the options that took effect by that.
  synchronized List<String> reload(PublishOptions next) {
    if (servers == null || next.servers == null) {
      return List.of();
    }
    format = next.format;
    types = next.types;
    kinds = next.kinds;
    attention = next.attention;
    running.reload(this::format, this::filter);
    return RELOADED;
  }
}
