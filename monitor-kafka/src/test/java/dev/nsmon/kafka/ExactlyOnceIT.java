package dev.nsmon.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.nsmon.event.NamespaceEvent;
import dev.nsmon.format.JsonFormat;
import dev.nsmon.log.Entry;
import dev.nsmon.namespace.HostClock;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Each record once for a reader of what is committed, whatever is killed.
final class ExactlyOnceIT {
  private static final int KILLS = 6;
  private static final long LAST = 60_000;

  private static Broker broker;

  @BeforeAll
  static void startBroker() {
    broker = Broker.shared();
    broker.createTopic("nsmon.cursors", 3, Map.of("cleanup.policy", "compact"));
  }

  @Test
  @Tag("full")
  void killedPublisherLosesNothingAndRepeatsNothing() throws Exception {
    broker.createTopic("once", 1, Map.of());
    Random random = new Random(4);
    try (Reader reader = new Reader(broker, "once")) {
      for (int kill = 0; kill < KILLS; kill++) {
        long before = reader.seqs().isEmpty() ? 0 : reader.seqs().getLast();
        long until = before + 500 + random.nextInt((int) (LAST / KILLS / 2));
        Process publisher = publisher("once");
        try {
          Awaitility.await("record " + until)
              .atMost(Duration.ofSeconds(30))
              .pollInterval(Duration.ofMillis(1))
              .until(() -> reader.poll().size() >= until);
        } finally {
          publisher.destroyForcibly().onExit().orTimeout(10, TimeUnit.SECONDS).join();
        }
      }
      Process publisher = publisher("once");
      try {
        reader.upTo(LAST);
        assertTrue(publisher.waitFor(30, TimeUnit.SECONDS));
        assertEquals(0, publisher.exitValue());
      } finally {
        publisher.destroyForcibly();
      }
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
        Events.json(),
        remarks,
        HostClock.SYSTEM);
  }

  @Test
  @Tag("full")
  void brokerThatIsKilledMidwayRepeatsNothing() {
    try (Broker mortal = Broker.start(Broker.RESTARTED)) {
      mortal.createTopic("nsmon.cursors", 1, Map.of("cleanup.policy", "compact"));
      mortal.createTopic("twice", 1, Map.of());
      try (Publishing publishing =
              new Publishing(remarks -> sink(mortal.address(), "twice", remarks));
          Reader reader = new Reader(mortal, "twice")) {
        publishing.append(Events.some((int) LAST));
        publishing.awaitProgress(LAST / 4);
        mortal.kill();
        publishing.awaitRemarks(1);
        mortal.restart();
        assumeFalse(
            hasHangingTransaction(mortal),
            "this time Kafka itself lost the end of a transaction: it was killed between deciding"
                + " it and writing it down where the records are");
        publishing.drain();
        reader.upTo(LAST);
        assertEquals(Publishing.upTo(LAST), reader.seqs());
      }
    }
  }

  /// Whether a transaction is open that its coordinator takes for ended.
  private static boolean hasHangingTransaction(Broker broker) {
    String id = "nsmon-" + Events.HOST.id();
    // All before this epoch have ended, as far as the coordinator knows.
    int epoch =
        Awaitility.await("coordinator at rest")
            .atMost(Duration.ofSeconds(60))
            .pollInterval(Duration.ofMillis(20))
            .until(() -> epochAtRest(broker, id), OptionalInt::isPresent)
            .getAsInt();
    List<TopicPartition> partitions =
        List.of(new TopicPartition("twice", 0), new TopicPartition("nsmon.cursors", 0));
    return broker.administer(
        admin ->
            admin.describeProducers(partitions).all().get(30, TimeUnit.SECONDS).values().stream()
                .flatMap(partition -> partition.activeProducers().stream())
                .anyMatch(
                    producer ->
                        producer.currentTransactionStartOffset().isPresent()
                            && producer.producerEpoch() < epoch));
  }

  private static OptionalInt epochAtRest(Broker broker, String id) {
    TransactionDescription is =
        broker.administer(
            admin ->
                admin.describeTransactions(List.of(id)).description(id).get(30, TimeUnit.SECONDS));
    boolean atRest =
        is.state() == TransactionState.EMPTY || is.state() == TransactionState.COMPLETE_COMMIT;
    return atRest ? OptionalInt.of(is.producerEpoch()) : OptionalInt.empty();
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
                        properties,
                        "large",
                        "nsmon.cursors",
                        Events.HOST,
                        "other",
                        Events.json(),
                        remarks,
                        HostClock.SYSTEM));
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
  @Tag("full")
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
        Events.json(),
        remarks,
        HostClock.SYSTEM);
  }

  private static KafkaSink sinkOf(String topic, String stream, boolean isEarlier) {
    KafkaProperties properties = Publishing.properties(broker.address());
    JsonFormat format = new JsonFormat(Events.HOST, stream);
    Consumer<String> remarks = _ -> {};
    return isEarlier
        ? KafkaSink.exactlyOnceBeside(
            properties,
            topic,
            "nsmon.cursors",
            Events.HOST,
            stream,
            format,
            remarks,
            HostClock.SYSTEM)
        : KafkaSink.exactlyOnce(
            properties,
            topic,
            "nsmon.cursors",
            Events.HOST,
            stream,
            format,
            remarks,
            HostClock.SYSTEM);
  }

  private static void publish(KafkaSink sink, int first, int last) throws IOException {
    List<NamespaceEvent> events = Events.some(last);
    List<Entry> entries = new ArrayList<>();
    for (int seq = first; seq <= last; seq++) {
      entries.add(new Entry(seq, events.get(seq - 1)));
    }
    sink.write(entries);
  }

  /// What the journal knows of the place may be older than what was committed: each sink is handed
  /// all from the first record on, and passes over what is there.
  @Test
  @Tag("full")
  void restOfAnEarlierStreamIsPublishedOnceBesideTheNewestAndNeitherPutsTheOtherOut()
      throws Exception {
    broker.createTopic("beside", 1, Map.of());
    try (KafkaSink old = sinkOf("beside", "old", false)) {
      publish(old, 1, 40);
    }
    try (KafkaSink newest = sinkOf("beside", "new", false)) {
      // The one for the rest may begin before the newest stream has taken the other's place.
      try (KafkaSink rest = sinkOf("beside", "old", true)) {
        publish(rest, 1, 60);
        publish(newest, 1, 30);
        publish(rest, 61, 70);
        publish(newest, 31, 50);
      }
      try (KafkaSink rest = sinkOf("beside", "old", true)) {
        publish(rest, 1, 80);
        publish(newest, 51, 60);
      }
    }
    // After a restart both go on; a third stream takes the place of the second.
    try (KafkaSink newest = sinkOf("beside", "new", false)) {
      publish(newest, 1, 65);
    }
    try (KafkaSink third = sinkOf("beside", "third", false);
        KafkaSink old = sinkOf("beside", "old", true);
        KafkaSink second = sinkOf("beside", "new", true)) {
      publish(third, 1, 10);
      publish(old, 1, 90);
      publish(second, 1, 75);
    }
    try (KafkaSink third = sinkOf("beside", "third", false)) {
      publish(third, 1, 20);
    }
    Map<String, List<Long>> seqs = new HashMap<>();
    try (Reader reader = new Reader(broker, "beside")) {
      Awaitility.await().until(() -> reader.poll().size() >= 90 + 75 + 20);
      for (ConsumerRecord<byte[], byte[]> record : reader.poll()) {
        String stream = Reader.header(record, "ce_id").replaceFirst("/.*", "");
        seqs.computeIfAbsent(stream, _ -> new ArrayList<>()).add(Reader.seq(record));
      }
    }
    assertEquals(
        Map.of(
            "old", Publishing.upTo(90), "new", Publishing.upTo(75), "third", Publishing.upTo(20)),
        seqs);
  }
}
