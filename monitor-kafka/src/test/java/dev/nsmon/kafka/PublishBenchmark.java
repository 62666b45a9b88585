package dev.nsmon.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.nsmon.event.NamespaceEvent;
import dev.nsmon.format.JsonFormat;
import dev.nsmon.log.Entry;
import dev.nsmon.namespace.HostClock;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.tools.ProducerPerformance;

/// How fast events are encoded and published, beside `kafka-producer-perf-test` with the same
/// settings against the same broker, and records of the same bytes in the same random order. It can
/// set neither key nor headers: once they are put into its records by [SameHeaders], once their
/// bytes stand at the end of the value. Its rate is the one that it tells itself.
///
/// `PublishBenchmark [RECORDS [ROUNDS [NAME=VALUE ...]]]`, in a JVM with the flags of the image.
final class PublishBenchmark {
  private static final int DISTINCT = 10_000;
  private static final int BATCH = 2048;
  private static final Pattern TOLD = Pattern.compile("records sent, ([0-9.]+) records/sec");

  private final Broker broker;
  private final int count;
  private final String[] settings;
  private final List<NamespaceEvent> events = Events.some(DISTINCT);
  private final List<byte[]> json = new ArrayList<>();
  private final List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();

  private PublishBenchmark(Broker broker, int count, String[] settings) throws IOException {
    this.broker = broker;
    this.count = count;
    this.settings = settings;
    JsonFormat format = new JsonFormat(Events.HOST, Events.STREAM);
    EventRecords model = new EventRecords("model", Events.HOST, Events.STREAM, format);
    ByteArrayOutputStream buffer = new ByteArrayOutputStream();
    for (int i = 0; i < DISTINCT; i++) {
      buffer.reset();
      format.write(1_000_000 + i, events.get(i), buffer);
      json.add(buffer.toString(UTF_8).strip().getBytes(UTF_8));
      records.add(model.of(new Entry(1_000_000 + i, events.get(i)), EventRecords.Detail.ALL));
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

  /// The first round warms up: it is printed, but not counted.
  private void run(int rounds) throws Exception {
    System.out.printf(
        "%d records a round, of %d bytes and %d of key and headers%n",
        count,
        json.stream().mapToLong(line -> line.length).sum() / DISTINCT,
        records.stream().mapToLong(PublishBenchmark::besides).sum() / DISTINCT);
    broker.createTopic("nsmon.cursors", 1, Map.of("cleanup.policy", "compact"));
    Map<String, List<Double>> ratios = new TreeMap<>();
    for (int round = 0; round <= rounds; round++) {
      double same = perfTest(round, true);
      double value = perfTest(round, false);
      double[] ours = {
        sink(round, true, false), sink(round, false, false), sink(round, true, true)
      };
      List<String> names =
          List.of("publish what is encoded", "encode and publish", "what is encoded, exactly once");
      System.out.printf("kafka-producer-perf-test, same records %,9.0f records/s%n", same);
      System.out.printf("kafka-producer-perf-test, as value     %,9.0f%n", value);
      for (int i = 0; i < ours.length; i++) {
        System.out.printf(
            "%-38s %,9.0f = %.2f x same records, %.2f x as value%n",
            names.get(i), ours[i], ours[i] / same, ours[i] / value);
        if (round > 0) {
          ratios
              .computeIfAbsent(names.get(i) + ", x same records", _ -> new ArrayList<>())
              .add(ours[i] / same);
          ratios
              .computeIfAbsent(names.get(i) + ", x as value", _ -> new ArrayList<>())
              .add(ours[i] / value);
        }
      }
    }
    ratios.forEach(
        (name, all) -> {
          List<Double> sorted = all.stream().sorted().toList();
          System.out.printf(
              "%-45s median %.2f (%.2f to %.2f)%n",
              name, sorted.get(sorted.size() / 2), sorted.getFirst(), sorted.getLast());
        });
  }

  private static void say(String line) {
    System.out.println(line);
  }

  private double rate(long nanos) {
    return count * 1e9 / nanos;
  }

  private double sink(int round, boolean encoded, boolean once) throws IOException {
    String topic = "own-%d-%s-%s".formatted(round, encoded, once);
    broker.createTopic(topic, 1, Map.of());
    KafkaProperties properties = Publishing.properties(broker.address(), settings);
    try (KafkaSink sink =
        once
            ? KafkaSink.exactlyOnce(
                properties,
                topic,
                "nsmon.cursors",
                Events.HOST,
                topic,
                Events.json(),
                PublishBenchmark::say,
                HostClock.SYSTEM)
            : KafkaSink.atLeastOnce(
                properties,
                topic,
                Events.HOST,
                Events.STREAM,
                Events.json(),
                PublishBenchmark::say,
                HostClock.SYSTEM)) {
      Random random = new Random(0);
      sink.write(entries(0, 1, encoded, random));
      long began = System.nanoTime();
      for (int next = 1; next < count; next += BATCH) {
        sink.hand(entries(next, Math.min(BATCH, count - next), encoded, random));
      }
      sink.settle();
      return rate(System.nanoTime() - began);
    } finally {
      broker.deleteTopic(topic);
    }
  }

  private List<Entry> entries(int from, int size, boolean encoded, Random random) {
    List<Entry> entries = new ArrayList<>(size);
    for (int i = from; i < from + size; i++) {
      int one = random.nextInt(DISTINCT);
      NamespaceEvent event = events.get(one);
      entries.add(
          encoded
              ? new Entry(i + 1, event.kind(), event.sighting().time(), json.get(one), () -> event)
              : new Entry(i + 1, event));
    }
    return entries;
  }

  /// How many bytes key and headers take; each header has two lengths of a byte.
  private static int besides(ProducerRecord<byte[], byte[]> record) {
    int bytes = record.key().length;
    for (Header header : record.headers()) {
      bytes += header.key().length() + header.value().length + 2;
    }
    return bytes;
  }

  /// Key and headers of a record as text of as many bytes.
  private static String text(ProducerRecord<byte[], byte[]> record) {
    StringBuilder text = new StringBuilder(new String(record.key(), UTF_8));
    for (Header header : record.headers()) {
      text.append(' ').append(header.key()).append(' ').append(new String(header.value(), UTF_8));
    }
    return text.toString();
  }

  private double perfTest(int round, boolean withHeaders) throws Exception {
    String topic = "perf-" + round + withHeaders;
    broker.createTopic(topic, 1, Map.of());
    Path payload = Files.createTempFile("payload", ".jsonl");
    Path config = Files.createTempFile("perf", ".properties");
    PrintStream out = System.out;
    ByteArrayOutputStream told = new ByteArrayOutputStream();
    try {
      Files.write(
          payload,
          IntStream.range(0, DISTINCT)
              .mapToObj(
                  i -> new String(json.get(i), UTF_8) + (withHeaders ? "" : text(records.get(i))))
              .toList());
      Map<String, Object> same =
          new TreeMap<>(Publishing.properties(broker.address(), settings).producer());
      same.remove("key.serializer");
      same.remove("value.serializer");
      if (withHeaders) {
        SameHeaders.of(records);
        same.put("interceptor.classes", SameHeaders.class.getName());
      }
      Files.write(
          config, same.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList());
      List<String> arguments =
          List.of(
              "--topic", topic,
              "--num-records", Integer.toString(count),
              "--payload-file", payload.toString(),
              "--throughput", "-1",
              "--command-config", config.toString());
      System.setOut(new PrintStream(told, true, UTF_8));
      ProducerPerformance.main(arguments.toArray(new String[0]));
    } finally {
      System.setOut(out);
      Files.delete(payload);
      Files.delete(config);
      broker.deleteTopic(topic);
    }
    Matcher matcher = TOLD.matcher(told.toString(UTF_8));
    double rate = 0;
    while (matcher.find()) {
      // The last one is of all records, those before are of a time each.
      rate = Double.parseDouble(matcher.group(1));
    }
    return rate;
  }
}
