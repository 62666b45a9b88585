package dev.nsmon.kafka;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/// A consumer of all partitions of one topic, in no group. What fails is a `KafkaException`, after
/// [#PATIENCE] where nobody answers. Used by one thread.
final class TopicReader implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final Consumer<byte[], byte[]> consumer;
  private final String topic;

  TopicReader(KafkaProperties properties, String topic) {
    this(new KafkaConsumer<>(settings(properties)), topic);
  }

  /// @param consumer closed with this
  TopicReader(Consumer<byte[], byte[]> consumer, String topic) {
    this.consumer = consumer;
    this.topic = topic;
  }

  private static Map<String, Object> settings(KafkaProperties properties) {
    Map<String, Object> settings = new HashMap<>(properties.consumer());
    settings.put("allow.auto.create.topics", "false");
    // Where a record is gone that was to be read next, that is to be said.
    settings.put("auto.offset.reset", "none");
    // As long as a partition may go unnoticed that was added.
    settings.putIfAbsent("metadata.max.age.ms", "30000");
    return settings;
  }

  /// The partitions that the topic has.
  ///
  /// @throws UnknownTopicOrPartitionException if there is no such topic
  List<TopicPartition> partitions() {
    List<TopicPartition> partitions = new ArrayList<>();
    for (PartitionInfo partition : consumer.partitionsFor(topic, PATIENCE)) {
      partitions.add(new TopicPartition(topic, partition.partition()));
    }
    if (partitions.isEmpty()) {
      throw new UnknownTopicOrPartitionException(topic);
    }
    return partitions;
  }

  /// The offset after the last record that may be read, of each partition. Always asks a broker.
  Map<TopicPartition, Long> ends(List<TopicPartition> of) {
    return consumer.endOffsets(of, PATIENCE);
  }

  /// The offset of the first record that is there, of each partition.
  Map<TopicPartition, Long> beginnings(List<TopicPartition> of) {
    return consumer.beginningOffsets(of, PATIENCE);
  }

  /// The offset of the first record from this time on, or the end, of each partition.
  Map<TopicPartition, Long> at(Instant time, List<TopicPartition> of) {
    Map<TopicPartition, Long> offsets = new HashMap<>(ends(of));
    Map<TopicPartition, Long> times = new HashMap<>();
    of.forEach(partition -> times.put(partition, Math.max(0, time.toEpochMilli())));
    Map<TopicPartition, OffsetAndTimestamp> found = consumer.offsetsForTimes(times, PATIENCE);
    found.forEach(
        (partition, first) -> {
          if (first != null) {
            offsets.put(partition, first.offset());
          }
        });
    return offsets;
  }

  /// Goes on at these offsets, in these partitions and no others.
  void seek(Map<TopicPartition, Long> offsets) {
    consumer.assign(offsets.keySet());
    offsets.forEach(consumer::seek);
  }

  /// Waits for records, no longer than this.
  ///
  /// @throws OffsetOutOfRangeException if what was to be read next is gone
  ConsumerRecords<byte[], byte[]> poll(Duration wait) {
    return consumer.poll(wait);
  }

  /// The offset that comes next.
  long position(TopicPartition of) {
    return consumer.position(of, PATIENCE);
  }

  /// An interrupt as the rest of the JVM knows it.
  static InterruptedException interrupted(InterruptException cause) {
    // Kafka has set the flag again.
    Thread.interrupted();
    InterruptedException interrupted = new InterruptedException("interrupted");
    interrupted.initCause(cause);
    return interrupted;
  }

  /// Does not wait for brokers: nothing was promised to them.
  @Override
  public void close() {
    consumer.close(CloseOptions.timeout(Duration.ZERO));
  }
}
