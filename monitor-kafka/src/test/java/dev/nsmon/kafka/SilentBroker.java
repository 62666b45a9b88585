package dev.nsmon.kafka;

import dev.nsmon.testing.TestClock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;

/// A consumer of a topic with one partition, whose broker says nothing but what a test has it say:
/// the consumer of the Kafka project for tests. Each poll takes its time by the test's clock.
final class SilentBroker extends MockConsumer<byte[], byte[]> {
  static final String TOPIC = "topic";
  static final TopicPartition PARTITION = new TopicPartition(TOPIC, 0);

  private final TestClock clock;
  private final Duration pollTakes;

  /// How often the partitions of the topic were asked for.
  int metadataRequests;

  int polls;

  /// @param end the offset after the last record that there is said to be
  SilentBroker(TestClock clock, Duration pollTakes, long end) {
    super("none");
    this.clock = clock;
    this.pollTakes = pollTakes;
    updateBeginningOffsets(Map.of(PARTITION, 0L));
    updateEndOffsets(Map.of(PARTITION, end));
    Node[] nodes = {new Node(0, "localhost", 1)};
    updatePartitions(TOPIC, List.of(new PartitionInfo(TOPIC, 0, nodes[0], nodes, nodes)));
  }

  @Override
  public List<PartitionInfo> partitionsFor(String topic, Duration timeout) {
    metadataRequests++;
    return super.partitionsFor(topic, timeout);
  }

  @Override
  public synchronized ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
    polls++;
    clock.advance(pollTakes);
    return super.poll(Duration.ZERO);
  }

  /// Has the next poll bring this record.
  void bring(long offset, byte[] value) {
    addRecord(new ConsumerRecord<>(TOPIC, 0, offset, new byte[] {1}, value));
  }
}
