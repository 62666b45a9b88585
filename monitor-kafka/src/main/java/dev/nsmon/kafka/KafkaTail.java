package dev.nsmon.kafka;

import dev.nsmon.format.JsonReader;
import dev.nsmon.namespace.HostClock;
import dev.nsmon.sink.Outage;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;

/// Follows a topic of events: all partitions, in no group, in the order of each partition, and of
/// transactions what was committed. What a partition got is handed over once, also where brokers
/// come and go in between. One thread runs it, once; an interrupt ends it.
public final class KafkaTail {
  private static final Duration POLL = Duration.ofMillis(200);
  private static final long SILENCE_NANOS = Duration.ofSeconds(5).toNanos();
  private static final long AGE_NANOS = Duration.ofSeconds(30).toNanos();

  /// Takes what has come, in order for each partition; never nothing.
  public interface Receiver {
    /// Whether it wants more.
    ///
    /// @throws IOException ends the tail
    boolean take(List<Received<JsonReader.Told>> records) throws IOException;
  }

  private final KafkaProperties properties;
  private final String topic;
  private final Optional<Instant> since;
  private final Consumer<String> remarks;
  private final Outage outage;
  private final HostClock clock;
  private final JsonReader reader = new JsonReader();

  /// Where each partition goes on; empty before the first connection.
  private final Map<TopicPartition, Long> next = new HashMap<>();

  private final Foreign foreign;

  /// @param since where to begin, by the time that records have in the topic; empty for its end
  /// @param remarks takes one line at a time when something fails and when it works again
  public KafkaTail(
      KafkaProperties properties,
      String topic,
      Optional<Instant> since,
      Consumer<String> remarks,
      HostClock clock) {
    this.clock = clock;
    this.properties = properties;
    this.topic = topic;
    this.since = since;
    this.remarks = remarks;
    this.foreign = new Foreign(topic, remarks);
    this.outage = new Outage("Kafka topic " + topic, remarks, clock::nanoTime, clock::sleep);
  }

  /// Follows the topic until the receiver wants no more. What fails is tried again after 1 to 30
  /// seconds.
  ///
  /// @throws IOException if the receiver does
  public void run(Receiver receiver) throws IOException, InterruptedException {
    while (true) {
      try (TopicReader from = new TopicReader(properties, topic)) {
        follow(from, receiver);
        return;
      } catch (InterruptException e) {
        throw TopicReader.interrupted(e);
      } catch (KafkaException e) {
        outage.because(Trouble.words(e, topic, properties));
        outage.pause();
      }
    }
  }

  /// Follows the topic by one consumer until the receiver wants no more.
  void follow(TopicReader from, Receiver receiver) throws IOException {
    begin(from);
    long begun = clock.nanoTime();
    long heard = begun;
    boolean more = true;
    while (more) {
      ConsumerRecords<byte[], byte[]> polled = poll(from);
      long now = clock.nanoTime();
      if (!polled.isEmpty()) {
        heard = now;
        List<Received<JsonReader.Told>> records = read(polled);
        more = records.isEmpty() || receiver.take(records);
      }
      // A consumer that has lost its brokers does not say so: it just has no records. And of new
      // partitions it does not tell at all.
      if (now - Math.max(begun, heard) > SILENCE_NANOS || now - begun > AGE_NANOS) {
        begin(from);
        begun = clock.nanoTime();
      }
    }
  }

  /// Finds out which partitions there are, and goes on where each was left. A partition that was
  /// added since is read from its beginning.
  private void begin(TopicReader from) {
    List<TopicPartition> partitions = from.partitions();
    Map<TopicPartition, Long> ends = from.ends(partitions);
    if (next.isEmpty()) {
      next.putAll(since.isPresent() ? from.at(since.get(), partitions) : ends);
    } else if (!next.keySet().containsAll(partitions)) {
      from.beginnings(partitions).forEach(next::putIfAbsent);
    }
    next.keySet().retainAll(partitions);
    from.seek(next);
    outage.over();
  }

  private ConsumerRecords<byte[], byte[]> poll(TopicReader from) {
    try {
      return from.poll(POLL);
    } catch (OffsetOutOfRangeException e) {
      // Too old and deleted, or the topic was made anew.
      Set<TopicPartition> lost = e.offsetOutOfRangePartitions().keySet();
      next.putAll(from.beginnings(List.copyOf(lost)));
      from.seek(next);
      remarks.accept(
          "Kafka topic "
              + topic
              + ": what came next in "
              + lost.size()
              + " of its partitions has been deleted; going on with what is there");
      return ConsumerRecords.empty();
    }
  }

  private List<Received<JsonReader.Told>> read(ConsumerRecords<byte[], byte[]> polled) {
    List<Received<JsonReader.Told>> records = new ArrayList<>(polled.count());
    for (TopicPartition partition : polled.partitions()) {
      for (ConsumerRecord<byte[], byte[]> one : polled.records(partition)) {
        next.put(partition, one.offset() + 1);
        read(one, records);
      }
    }
    return records;
  }

  private void read(ConsumerRecord<byte[], byte[]> one, List<Received<JsonReader.Told>> to) {
    if (one.value() == null) {
      foreign.pass(one, "it is empty");
      return;
    }
    try {
      to.add(new Received<>(one.value(), reader.read(one.value())));
    } catch (IOException e) {
      foreign.pass(one, e.getMessage());
    }
  }
}
