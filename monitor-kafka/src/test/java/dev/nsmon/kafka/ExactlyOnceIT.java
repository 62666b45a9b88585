package dev.nsmon.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nsmon.event.NamespaceEvent;
import dev.nsmon.log.Entry;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Each record once for a reader of what is committed, whatever is killed.
final class ExactlyOnceIT {
  private static final int KILLS = 10;
  private static final long LAST = 60_000;

  private static Broker broker;

  @BeforeAll
  static void startBroker() {
    broker = Broker.start();
    broker.createTopic("nsmon.cursors", 3, Map.of("cleanup.policy", "compact"));
  }

  @AfterAll
  static void closeBroker() {
    broker.close();
  }

  @Test
  void killedPublisherLosesNothingAndRepeatsNothing() throws Exception {
    broker.createTopic("once", 1, Map.of());
    Random random = new Random(4);
    try (Reader reader = new Reader(broker, "once")) {
      for (int kill = 0; kill < KILLS; kill++) {
        long before = reader.seqs().isEmpty() ? 0 : reader.seqs().getLast();
        long until = before + 500 + random.nextInt((int) (LAST / KILLS / 2));
        Process publisher = publisher("once");
        Awaitility.await("record " + until)
            .atMost(Duration.ofSeconds(30))
            .pollInterval(Duration.ofMillis(1))
            .until(() -> reader.poll().size() >= until);
        publisher.destroyForcibly().waitFor();
      }
      Process publisher = publisher("once");
      reader.upTo(LAST);
      assertEquals(0, publisher.waitFor());
      assertEquals(Publishing.upTo(LAST), reader.seqs());
    }
  }

  private static Process publisher(String topic) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin/java").toString(),
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            Main.class.getName(),
            broker.address(),
            topic)
        .redirectOutput(Redirect.DISCARD)
        .redirectError(Redirect.DISCARD)
        .start();
  }

  /// What is killed: hands the sink all records from the first on, each time it starts, for it
  /// knows of nothing else how far it has come.
  static final class Main {
    private Main() {}

    public static void main(String[] args) throws IOException {
      List<NamespaceEvent> events = Events.some((int) LAST);
      try (KafkaSink sink = sink(args[0], args[1], _ -> {})) {
        for (int from = 0; from < LAST; from += 100) {
          List<Entry> entries = new ArrayList<>();
          for (int i = from; i < from + 100; i++) {
            entries.add(new Entry(i + 1, events.get(i)));
          }
          sink.write(entries);
        }
      }
    }
  }

  private static KafkaSink sink(String address, String topic, Consumer<String> remarks) {
    return KafkaSink.exactlyOnce(
        Publishing.properties(address, "delivery.timeout.ms=2000", "max.block.ms=2000"),
        topic,
        "nsmon.cursors",
        Events.HOST,
        Events.STREAM,
        remarks);
  }

  @Test
  void brokerThatIsKilledMidwayRepeatsNothing() {
    broker.createTopic("twice", 1, Map.of());
    try (Publishing publishing =
        new Publishing(remarks -> sink(broker.address(), "twice", remarks))) {
      // Its cursor is that of the other test, whose stream it seems to go on with.
      publishing.append(Events.some((int) LAST + 40_000));
      publishing.awaitProgress(LAST / 2);
      broker.kill();
      publishing.awaitRemarks(1);
      broker.restart();
      publishing.drain();
      try (Reader reader = new Reader(broker, "twice")) {
        reader.upTo(LAST + 40_000);
        List<Long> seqs = reader.seqs();
        assertEquals(
            Publishing.upTo(LAST + 40_000)
                .subList((int) (seqs.getFirst() - 1), (int) LAST + 40_000),
            seqs);
      }
    }
  }

  @Test
  void recordTooLargeIsTrimmedInATransactionToo() {
    broker.createTopic("large", 1, Map.of("max.message.bytes", "20000"));
    List<NamespaceEvent> events = new ArrayList<>(Events.some(20));
    events.add(5, Events.held(5_000));
    KafkaProperties properties = Publishing.properties(broker.address());
    try (Publishing publishing =
            new Publishing(
                remarks ->
                    KafkaSink.exactlyOnce(
                        properties, "large", "nsmon.cursors", Events.HOST, "other", remarks));
        Reader reader = new Reader(broker, "large")) {
      publishing.append(events);
      publishing.drain();
      List<ConsumerRecord<byte[], byte[]>> records = reader.upTo(21);
      assertEquals(Publishing.upTo(21), reader.seqs());
      assertTrue(Reader.value(records.get(5)).endsWith(",\"truncated\":true}"));
    }
  }

  @Test
  void secondMonitorOfAHostIsSaidInWords() throws IOException {
    broker.createTopic("fenced", 1, Map.of());
    try (Publishing first = new Publishing(remarks -> other("fenced", "a", remarks));
        KafkaSink second = other("fenced", "b", _ -> {})) {
      first.append(Events.some(10));
      first.drain();
      assertEquals(OptionalLong.empty(), second.resume());
      first.append(Events.some(10));
      first.awaitRemarks(1);
      assertEquals(
          "Kafka topic fenced: another monitor publishes exactly once for this host id, and only"
              + " one can; trying on",
          first.remarks.getFirst());
    }
  }

  @Test
  void cursorIsReadBackAmongManyOthers() throws IOException {
    broker.createTopic("many", 1, Map.of());
    try (KafkaSink sink = other("many", "s", _ -> {})) {
      sink.write(List.of(new Entry(41, Events.held(0))));
    }
    // More than it looks at first: 20,000 cursors of other hosts in the same partition.
    try (Publishing noise = Publishing.atLeastOnce(broker, "nsmon.cursors", "client.id=noise")) {
      noise.append(Events.some(20_000));
      noise.drain();
    }
    try (KafkaSink sink = other("many", "s", _ -> {})) {
      assertEquals(OptionalLong.of(42), sink.resume());
    }
    try (KafkaSink sink = other("many", "t", _ -> {})) {
      assertEquals(OptionalLong.empty(), sink.resume());
    }
  }

  private static KafkaSink other(String topic, String stream, Consumer<String> remarks) {
    return KafkaSink.exactlyOnce(
        Publishing.properties(broker.address()),
        topic,
        "nsmon.cursors",
        Events.HOST,
        stream,
        remarks);
  }
}
