package dev.nsmon.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.nsmon.event.NamespaceEvent;
import dev.nsmon.journal.Journal;
import dev.nsmon.journal.JournalSettings;
import dev.nsmon.journal.Parent;
import dev.nsmon.log.EventLog;
import dev.nsmon.log.Present;
import dev.nsmon.monitor.HeapKeeper;
import dev.nsmon.namespace.HostClock;
import dev.nsmon.namespace.Snapshot;
import dev.nsmon.sink.Pump;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/// A broker is away while events are told, then it is back: how fast they are in the journal, how
/// fast in the topic, how much memory the backlog takes, and whether the topic has each in order.
///
/// `DrainBenchmark [EVENTS [RATE]]`, in a JVM with the flags of the image. Without a rate of events
/// a second they are told as fast as the journal takes them.
final class DrainBenchmark {
  private static final String TOPIC = "nsmon.events";
  private static final int BATCH = 2048;

  /// What is told at once, and how far ahead of the journal: a monitor waits for nobody, but what
  /// memory does not hold would be lost before it is written.
  private static final int TOLD = 1000;

  private static final int AHEAD = 4 * TOLD;

  private final List<NamespaceEvent> events = Events.some(10_000);
  private final int count;
  private final int rate;
  private final EventLog log;

  /// As the monitor has one.
  private final HeapKeeper heap = new HeapKeeper(System::nanoTime);

  private volatile boolean thawed;

  /// When the first batch had arrived after the outage, and the number that was next then. Until
  /// then the sink waits for its next try.
  private volatile long resumedNanos;

  private volatile long resumedAt;

  private DrainBenchmark(int count, int rate, EventLog log) {
    this.count = count;
    this.rate = rate;
    this.log = log;
  }

  public static void main(String[] args) throws Exception {
    int count = args.length > 0 ? Integer.parseInt(args[0]) : 1_500_000;
    int rate = args.length > 1 ? Integer.parseInt(args[1]) : Integer.MAX_VALUE;
    Path directory = Files.createTempDirectory("drain");
    Path file = directory.resolve("journal.db");
    HostClock clock = HostClock.SYSTEM;
    JournalSettings settings = new JournalSettings(file, 8L << 30, JournalSettings.DEFAULT_AGE);
    try (Broker broker = Broker.start(Map.of("log.segment.bytes", "104857600"));
        Journal journal =
            Journal.open(settings, Events.HOST, Events.STREAM, clock, DrainBenchmark::say)) {
      EventLog log = EventLog.durable(journal.stream(), 1, 16 << 20, clock, journal);
      journal.start(
          log, () -> new Present(log.nextSeq() - 1, Snapshot.EMPTY), false, Parent.NONE, _ -> {});
      new DrainBenchmark(count, rate, log).run(broker);
      log.close();
    } finally {
      try (Stream<Path> all = Files.walk(directory)) {
        for (Path one : all.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(one);
        }
      }
    }
  }

  private static void say(String line) {
    System.out.println(line);
  }

  private void run(Broker broker) throws Exception {
    // So that it is tried in vain many times, as in an outage of hours.
    KafkaProperties properties =
        Publishing.properties(broker.address(), "delivery.timeout.ms=3000", "max.block.ms=1000");
    broker.createTopic(TOPIC, 1, Map.of());
    CountDownLatch drained = new CountDownLatch(1);
    try (KafkaSink sink =
        KafkaSink.atLeastOnce(
            properties,
            TOPIC,
            Events.HOST,
            Events.STREAM,
            Events.json(),
            DrainBenchmark::say,
            HostClock.SYSTEM)) {
      // It works before the broker goes, so that what it takes by itself is not counted.
      tell(1);
      Pump pump =
          Pump.start(
              "kafka",
              _ -> log.from(1),
              sink,
              BATCH,
              next -> {
                if (thawed && resumedNanos == 0) {
                  resumedAt = next;
                  resumedNanos = System.nanoTime();
                }
                if (next > count) {
                  drained.countDown();
                }
              },
              System::nanoTime);
      log.from(1).take(1);
      broker.freeze();
      long rss = rss();
      long began = System.nanoTime();
      for (int next = TOLD + 1; next <= count; next += TOLD) {
        tell(next);
        long due = began + next * 1_000_000_000L / rate;
        LockSupport.parkNanos(due - System.nanoTime());
      }
      log.from(count).take(1);
      report(
          rate == Integer.MAX_VALUE ? "journal, append" : "told", count, System.nanoTime() - began);
      System.out.printf("RSS with the backlog: %+.1f MiB%n", (rss() - rss) / 1024.0);
      thawed = true;
      broker.thaw();
      began = System.nanoTime();
      while (!drained.await(100, TimeUnit.MILLISECONDS)) {
        heap.consider();
      }
      System.out.printf("first acknowledgement after %.1f s%n", (resumedNanos - began) / 1e9);
      report("drain into Kafka from then on", count - resumedAt, System.nanoTime() - resumedNanos);
      System.out.printf("RSS after the drain: %+.1f MiB%n", (rss() - rss) / 1024.0);
      pump.interrupt();
    }
    check(properties);
  }

  /// Reads back what is in the topic.
  private void check(KafkaProperties properties) {
    long last = 0;
    long again = 0;
    long told = 0;
    long missing = 0;
    try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(properties.consumer())) {
      TopicPartition only = new TopicPartition(TOPIC, 0);
      consumer.assign(List.of(only));
      consumer.seekToBeginning(List.of(only));
      long end = consumer.endOffsets(List.of(only)).get(only);
      while (consumer.position(only) < end) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofSeconds(1))) {
          String id = new String(record.headers().lastHeader("ce_id").value(), UTF_8);
          long seq = Long.parseLong(id.substring(id.indexOf('/') + 1));
          String type = new String(record.headers().lastHeader("ce_type").value(), UTF_8);
          if (seq <= last) {
            again++;
          } else if (type.endsWith("events-lost")) {
            told += seq - last;
          } else {
            missing += seq - last - 1;
          }
          last = Math.max(last, seq);
        }
      }
    }
    System.out.printf(
        "in the topic: up to %,d; %,d again, %,d told as lost, %,d missing%n",
        last, again, told, missing);
  }

  private void tell(int first) throws InterruptedException {
    int from = (first - 1) % events.size();
    log.append(events.subList(from, from + TOLD));
    heap.consider();
    if (first > AHEAD) {
      log.from(first - AHEAD).take(1);
    }
  }

  private static void report(String what, long records, long nanos) {
    System.out.printf("%-45s %,9d records/s%n", what, records * 1_000_000_000L / nanos);
  }

  private static long rss() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .sum();
  }
}
