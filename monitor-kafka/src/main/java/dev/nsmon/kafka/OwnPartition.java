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

/// The partition of a topic that holds what one host has written, so that the host can read it back
/// without reading what all others wrote.
final class OwnPartition {
  /// Longer than a broker leaves a transaction open whose producer is gone (60 s).
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private static final Duration POLL = Duration.ofMillis(100);
  private static final long FIRST_WINDOW = 1_000;

  private final KafkaProperties properties;
  private final String topic;
  private final byte[] owner;
  private final HostClock clock;

  /// @param owner whose partition it is: the one where a record with this key would go
  OwnPartition(KafkaProperties properties, String topic, String owner, HostClock clock) {
    this.clock = clock;
    this.properties = properties;
    this.topic = topic;
    this.owner = owner.getBytes(StandardCharsets.UTF_8);
  }

  /// Its number, where the topic has so many: as the default partitioner would have it.
  int among(int partitions) {
    return Utils.toPositive(Utils.murmur2(owner)) % partitions;
  }

  /// The value of the last record with this key; empty if there is none. What others have not yet
  /// committed is waited for.
  Optional<byte[]> last(byte[] key) {
    Optional<byte[]>[] found = holder();
    try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(settings())) {
      TopicPartition partition = assign(consumer);
      long begin = consumer.beginningOffsets(List.of(partition)).get(partition);
      long end = writtenUpTo(partition);
      // From the end backwards: who ran until lately has written lately.
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

  /// Hands over all records up to the present end.
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

  /// A reader of what is committed is told an end before what is still open, and before all that
  /// was committed after it.
  private long writtenUpTo(TopicPartition partition) {
    Map<String, Object> settings = settings();
    settings.put("isolation.level", "read_uncommitted");
    try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(settings)) {
      return consumer.endOffsets(List.of(partition)).get(partition);
    }
  }

  /// Reads a piece of the partition, once the consumer is assigned to it.
  ///
  /// @throws KafkaException if nothing comes for [#PATIENCE]
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
        // Seen where the only broker was killed just as it ended a transaction: it forgets to write
        // the end where the records are. Waiting does not help, and no client can tell whether it
        // was committed.
        throw new KafkaException(
            "%s can't be read past offset %d: a transaction in it was never ended"
                    .formatted(partition, position)
                + " (kafka-transactions.sh find-hanging)");
      }
    }
  }
}
