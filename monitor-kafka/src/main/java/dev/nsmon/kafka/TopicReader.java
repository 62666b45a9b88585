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

/// A consumer of all partitions of one topic, without a consumer group. Used by one thread.
///
/// Errors are `KafkaException`s; without an answer from the brokers a call fails after [#PATIENCE].
final class TopicReader implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final Consumer<byte[], byte[]> consumer;
  private final String topic;

  TopicReader(KafkaProperties properties, String topic) {
    this(new KafkaConsumer<>(settings(properties)), topic);
  }

  /// @param consumer closed by [#close]
  TopicReader(Consumer<byte[], byte[]> consumer, String topic) {
    this.consumer = consumer;
    this.topic = topic;
  }

  private static Map<String, Object> settings(KafkaProperties properties) {
    Map<String, Object> settings = new HashMap<>(properties.consumer());
    settings.put("allow.auto.create.topics", "false");
    // poll then throws where the next record was deleted, instead of skipping to another offset.
    settings.put("auto.offset.reset", "none");
    // Cached metadata hides an added partition until it expires.
    settings.putIfAbsent("metadata.max.age.ms", "30000");
    return settings;
  }

  /// The partitions of the topic.
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

  /// The end of each partition: the offset after its last committed record. Always queries a
  /// broker.
  Map<TopicPartition, Long> ends(List<TopicPartition> of) {
    return consumer.endOffsets(of, PATIENCE);
  }

  /// The offset of the first record of each partition that is not deleted.
  Map<TopicPartition, Long> beginnings(List<TopicPartition> of) {
    return consumer.beginningOffsets(of, PATIENCE);
  }

  /// For each partition, the offset of the first record with this timestamp or a later one; its end
  /// if there is none.
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

  /// Assigns these partitions, and no others, and continues at these offsets.
  void seek(Map<TopicPartition, Long> offsets) {
    consumer.assign(offsets.keySet());
    offsets.forEach(consumer::seek);
  }

  /// Returns the next records; empty if none arrive within the given time.
  ///
  /// @throws OffsetOutOfRangeException if the next record of a partition was deleted
  ConsumerRecords<byte[], byte[]> poll(Duration wait) {
    return consumer.poll(wait);
  }

  /// The offset of the next record that [#poll] will return.
  long position(TopicPartition of) {
    return consumer.position(of, PATIENCE);
  }

  /// Converts Kafka's unchecked exception to the JDK's, and clears the thread's interrupt flag.
  static InterruptedException interrupted(InterruptException cause) {
    // The constructor of InterruptException has set the flag.
    Thread.interrupted();
    InterruptedException interrupted = new InterruptedException("interrupted");
    interrupted.initCause(cause);
    return interrupted;
  }

  /// Closes the consumer without waiting for brokers: outside a group it has no state there.
  @Override
  public void close() {
    consumer.close(CloseOptions.timeout(Duration.ZERO));
  }
}
