package dev.nsmon.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.awaitility.Awaitility;

/// Reads what is committed of a topic from its beginning.
final class Reader implements AutoCloseable {
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
  private final List<Long> seqs = new ArrayList<>();
  private final Set<Long> firsts = new LinkedHashSet<>();

  Reader(Broker broker, String topic) {
    this(broker.address(), topic, Map.of());
  }

  Reader(String address, String topic, Map<String, Object> extra) {
    Map<String, Object> settings = new HashMap<>(extra);
    settings.put("bootstrap.servers", address);
    settings.put("isolation.level", "read_committed");
    settings.put("enable.metrics.push", "false");
    settings.put("key.deserializer", ByteArrayDeserializer.class);
    settings.put("value.deserializer", ByteArrayDeserializer.class);
    consumer = new KafkaConsumer<>(settings);
    List<TopicPartition> partitions =
        consumer.partitionsFor(topic).stream()
            .map(partition -> new TopicPartition(topic, partition.partition()))
            .toList();
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
  }

  /// All that has come so far.
  List<ConsumerRecord<byte[], byte[]>> poll() {
    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(50))) {
      records.add(record);
      if (record.headers().lastHeader("ce_id") != null) {
        seqs.add(seq(record));
        firsts.add(seq(record));
      }
    }
    return records;
  }

  /// Waits until the record with this number in the stream of [Events] has come.
  List<ConsumerRecord<byte[], byte[]>> upTo(long seq) {
    Awaitility.await("record " + seq)
        .atMost(Duration.ofSeconds(50))
        .pollInterval(Duration.ofMillis(10))
        .until(() -> !poll().isEmpty() && firsts.contains(seq));
    return records;
  }

  /// The numbers in the order in which they came.
  List<Long> seqs() {
    return seqs;
  }

  /// The numbers without those that came before.
  List<Long> firsts() {
    return List.copyOf(firsts);
  }

  /// The number that its `ce_id` names.
  static long seq(ConsumerRecord<byte[], byte[]> record) {
    String id = header(record, "ce_id");
    return Long.parseLong(id.substring(id.indexOf('/') + 1));
  }

  static String header(ConsumerRecord<byte[], byte[]> record, String name) {
    return new String(record.headers().lastHeader(name).value(), UTF_8);
  }

  static String value(ConsumerRecord<byte[], byte[]> record) {
    return record.value() == null ? "gone" : new String(record.value(), UTF_8);
  }

  static String key(ConsumerRecord<byte[], byte[]> record) {
    return new String(record.key(), UTF_8);
  }

  @Override
  public void close() {
    consumer.close();
  }
}
