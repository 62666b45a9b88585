package dev.nsmon.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.nsmon.event.NamespaceEvent;
import dev.nsmon.format.JsonFormat;
import dev.nsmon.log.Entry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.tools.ProducerPerformance;

/// How fast events are encoded and published, beside `kafka-producer-perf-test` with the same
/// settings against the same broker, and records of the same size: it can set neither key nor
/// headers, so its values are longer by what ours have of them.
///
/// `PublishBenchmark [RECORDS [ROUNDS [NAME=VALUE ...]]]`, in a JVM with the flags of the image.
final class PublishBenchmark {
  private static final int DISTINCT = 10_000;

  private final Broker broker;
  private final int count;
  private final String[] settings;
  private final List<NamespaceEvent> events = Events.some(DISTINCT);
  private final List<byte[]> json = new ArrayList<>();

  private PublishBenchmark(Broker broker, int count, String[] settings) throws IOException {
    this.broker = broker;
    this.count = count;
    this.settings = settings;
    JsonFormat format = new JsonFormat(Events.HOST, Events.STREAM);
    ByteArrayOutputStream buffer = new ByteArrayOutputStream();
    for (int i = 0; i < DISTINCT; i++) {
      buffer.reset();
      format.write(1_000_000 + i, events.get(i), buffer);
      json.add(buffer.toString(UTF_8).strip().getBytes(UTF_8));
    }
  }

  public static void main(String[] args) throws Exception {
    int count = args.length > 0 ? Integer.parseInt(args[0]) : 500_000;
    int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 3;
    String[] settings = Arrays.copyOfRange(args, Math.min(2, args.length), args.length);
    try (Broker broker = Broker.start(Map.of("log.segment.bytes", "104857600"))) {
      PublishBenchmark benchmark = new PublishBenchmark(broker, count, settings);
      benchmark.run(rounds);
    }
  }

  private void run(int rounds) throws Exception {
    long bytes = json.stream().mapToLong(line -> line.length).sum() / DISTINCT;
    System.out.printf(
        "%d records a round, of %d bytes and %d of key and headers%n", count, bytes, besides());
    broker.createTopic("nsmon.cursors", 1, Map.of("cleanup.policy", "compact"));
    for (int round = 0; round < rounds; round++) {
      for (int batch : new int[] {512, 4096}) {
        report("encode and publish, " + batch + " at once", sink(round, batch, false, false));
        report("publish what is encoded, " + batch + " at once", sink(round, batch, true, false));
        report("the same exactly once, " + batch + " at once", sink(round, batch, true, true));
      }
      report("kafka-producer-perf-test", perfTest(round));
    }
  }

  private static void say(String line) {
    System.out.println(line);
  }

  private void report(String what, long nanos) {
    System.out.printf("%-45s %,9d records/s%n", what, count * 1_000_000_000L / nanos);
  }

  private long sink(int round, int batch, boolean encoded, boolean once) throws IOException {
    String topic = "own-%d-%d-%s-%s".formatted(round, batch, encoded, once);
    broker.createTopic(topic, 1, Map.of());
    KafkaProperties properties = Publishing.properties(broker.address(), settings);
    try (KafkaSink sink =
        once
            ? KafkaSink.exactlyOnce(
                properties, topic, "nsmon.cursors", Events.HOST, topic, PublishBenchmark::say)
            : KafkaSink.atLeastOnce(
                properties, topic, Events.HOST, Events.STREAM, PublishBenchmark::say)) {
      sink.write(entries(0, 1, encoded));
      long began = System.nanoTime();
      for (int next = 1; next < count; next += batch) {
        sink.write(entries(next, Math.min(batch, count - next), encoded));
      }
      return System.nanoTime() - began;
    } finally {
      broker.deleteTopic(topic);
    }
  }

  private List<Entry> entries(int from, int size, boolean encoded) {
    List<Entry> entries = new ArrayList<>(size);
    for (int i = from; i < from + size; i++) {
      NamespaceEvent event = events.get(i % DISTINCT);
      byte[] line = json.get(i % DISTINCT);
      entries.add(
          encoded
              ? new Entry(i + 1, event.kind(), event.sighting().time(), line, () -> event)
              : new Entry(i + 1, event));
    }
    return entries;
  }

  /// How many bytes key and headers take; each header has two lengths of a byte.
  private int besides() {
    ProducerRecord<byte[], byte[]> record =
        new EventRecords("topic", Events.HOST, Events.STREAM)
            .of(new Entry(1_000_000, events.getFirst()), EventRecords.Detail.ALL);
    int bytes = record.key().length;
    for (Header header : record.headers()) {
      bytes += header.key().length() + header.value().length + 2;
    }
    return bytes;
  }

  private long perfTest(int round) throws Exception {
    String topic = "perf-" + round;
    broker.createTopic(topic, 1, Map.of());
    Path payload = Files.createTempFile("payload", ".jsonl");
    Path config = Files.createTempFile("perf", ".properties");
    try {
      String besides = " ".repeat(besides());
      Files.write(payload, json.stream().map(line -> new String(line, UTF_8) + besides).toList());
      Map<String, Object> same =
          new TreeMap<>(Publishing.properties(broker.address(), settings).producer());
      same.remove("key.serializer");
      same.remove("value.serializer");
      Files.write(
          config, same.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList());
      List<String> arguments =
          List.of(
              "--topic", topic,
              "--num-records", Integer.toString(count),
              "--payload-file", payload.toString(),
              "--throughput", "-1",
              "--producer.config", config.toString());
      long began = System.nanoTime();
      ProducerPerformance.main(arguments.toArray(new String[0]));
      return System.nanoTime() - began;
    } finally {
      Files.delete(payload);
      Files.delete(config);
      broker.deleteTopic(topic);
    }
  }
}
