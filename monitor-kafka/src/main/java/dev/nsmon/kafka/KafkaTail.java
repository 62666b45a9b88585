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

/// Consumes an event topic: all partitions, without a consumer group, in the order of each
/// partition, only committed records.
///
/// Each record is delivered once, also across broker failures and reconnects. One thread calls
/// [#run], once; an interrupt ends it.
public final class KafkaTail {
  private static final Duration POLL = Duration.ofMillis(200);
  private static final long SILENCE_NANOS = Duration.ofSeconds(5).toNanos();
  private static final long AGE_NANOS = Duration.ofSeconds(30).toNanos();

  /// Receives records.
  public interface Receiver {
    /// Takes records, in order for each partition.
    ///
    /// @param records never empty
    /// @return whether to go on
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

  /// Offset of the next record by partition; empty before the first connection.
  private final Map<TopicPartition, Long> next = new HashMap<>();

  private final Foreign foreign;

  /// @param since where to begin, by the record timestamps of the topic; empty for its end
  /// @param remarks takes one line for people when something fails and when it works again
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

  /// Consumes the topic until the receiver returns false. After a Kafka error it connects again,
  /// with pauses that grow from 1 to 30 s.
  ///
  /// @throws IOException if the receiver throws it
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

  /// Consumes the topic with one consumer until the receiver returns false.
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
      // A consumer that has lost its brokers reports no error: polls return no records. New
      // partitions are not reported either. Begin queries the brokers and so detects both.
      if (now - Math.max(begun, heard) > SILENCE_NANOS || now - begun > AGE_NANOS) {
        begin(from);
        begun = clock.nanoTime();
      }
    }
  }

  /// Reads the list of partitions and seeks to the next offset of each. A partition that was added
  /// since is read from its beginning.
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
      // Deleted by retention, or the topic was deleted and created again.
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
