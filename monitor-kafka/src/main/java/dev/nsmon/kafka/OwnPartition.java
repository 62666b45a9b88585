package dev.nsmon.kafka;

import dev.nsmon.namespace.HostClock;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.utils.Utils;

/// The partition that holds all records of one key, such as a host id, in a topic of many. The host
/// can read its records back without reading those of all others.
final class OwnPartition {
  /// Longest time without progress of a read. It exceeds `transaction.timeout.ms` (60 s by
  /// default), after which a broker aborts the open transaction of a dead producer.
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private static final Duration POLL = Duration.ofMillis(100);
  private static final long FIRST_WINDOW = 1_000;

  private final KafkaProperties properties;
  private final String topic;
  private final byte[] owner;
  private final HostClock clock;

  /// @param owner the record key that selects the partition
  OwnPartition(KafkaProperties properties, String topic, String owner, HostClock clock) {
    this.clock = clock;
    this.properties = properties;
    this.topic = topic;
    this.owner = owner.getBytes(StandardCharsets.UTF_8);
  }

  /// The number of the partition in a topic with this many partitions. Kafka's default partitioner
  /// computes the same for a record with this key.
  int among(int partitions) {
    return Utils.toPositive(Utils.murmur2(owner)) % partitions;
  }

  /// The value of the last committed record with this key; empty if there is none. Waits for open
  /// transactions of other producers in this partition to end.
  ///
  /// @throws KafkaException if the partition can't be read to its end
  Optional<byte[]> last(byte[] key) {
    Optional<byte[]>[] found = holder();
    try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(settings())) {
      TopicPartition partition = assign(consumer);
      long begin = consumer.beginningOffsets(List.of(partition)).get(partition);
      long end = writtenUpTo(partition);
      // Backwards from the end: a monitor that ran recently has its record near the end.
      for (long window = FIRST_WINDOW; end > begin && found[0].isEmpty(); window *= 8) {
        long from = Math.max(begin, end - window);
        read(
            consumer,
            partition,
            from,
            end,
            record -> {
              if (Arrays.equals(record.key(), key)) {
                found[0] = Optional.ofNullable(record.value());
              }
            });
        end = from;
      }
    }
    return found[0];
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  private static Optional<byte[]>[] holder() {
    return new Optional[] {Optional.empty()};
  }

  /// Passes all committed records up to the current end to the consumer, in order.
  void all(Consumer<ConsumerRecord<byte[], byte[]>> to) {
    try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(settings())) {
      TopicPartition partition = assign(consumer);
      long begin = consumer.beginningOffsets(List.of(partition)).get(partition);
      read(consumer, partition, begin, writtenUpTo(partition), to);
    }
  }

  private Map<String, Object> settings() {
    Map<String, Object> settings = properties.consumer();
    settings.put("allow.auto.create.topics", "false");
    settings.put("auto.offset.reset", "earliest");
    settings.put("default.api.timeout.ms", "10000");
    return settings;
  }

  private TopicPartition assign(KafkaConsumer<byte[], byte[]> consumer) {
    List<PartitionInfo> partitions = consumer.partitionsFor(topic);
    if (partitions == null || partitions.isEmpty()) {
      throw new UnknownTopicOrPartitionException("Topic " + topic + " not present");
    }
    TopicPartition partition = new TopicPartition(topic, among(partitions.size()));
    consumer.assign(List.of(partition));
    return partition;
  }

  /// The end of the partition including open transactions (high watermark). With `read_committed` a
  /// broker returns the last stable offset instead: the start of the first open transaction, even
  /// where later transactions are committed.
  private long writtenUpTo(TopicPartition partition) {
    Map<String, Object> settings = settings();
    settings.put("isolation.level", "read_uncommitted");
    try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(settings)) {
      return consumer.endOffsets(List.of(partition)).get(partition);
    }
  }

  /// Reads a range of the partition, which the consumer must be assigned to.
  ///
  /// @param from first offset
  /// @param end offset after the last
  /// @throws KafkaException if the position does not advance for [#PATIENCE]
  void read(
      org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> consumer,
      TopicPartition partition,
      long from,
      long end,
      Consumer<ConsumerRecord<byte[], byte[]>> to) {
    consumer.seek(partition, from);
    long deadline = clock.nanoTime() + PATIENCE.toNanos();
    long last = from;
    while (consumer.position(partition) < end) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL).records(partition)) {
        if (record.offset() < end) {
          to.accept(record);
        }
      }
      long position = consumer.position(partition);
      if (position > last) {
        last = position;
        deadline = clock.nanoTime() + PATIENCE.toNanos();
      } else if (clock.nanoTime() - deadline > 0) {
        // Observed after the only broker was killed while it ended a transaction: it never writes
        // the transaction marker to this partition. Waiting does not help, and a client can't find
        // out whether the transaction was committed.
        throw new KafkaException(
            "%s can't be read past offset %d: a transaction in it was never ended"
                    .formatted(partition, position)
                + " (kafka-transactions.sh find-hanging)");
      }
    }
  }
}
