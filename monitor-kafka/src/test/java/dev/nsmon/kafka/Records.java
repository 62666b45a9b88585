package dev.nsmon.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/// Puts records into a topic, as monitors would.
final class Records implements AutoCloseable {
  private final KafkaProducer<byte[], byte[]> producer;
  private final String topic;

  Records(Broker broker, String topic, Map<String, Object> more) {
    this.topic = topic;
    Map<String, Object> settings = new HashMap<>(more);
    settings.put("bootstrap.servers", broker.address());
    settings.put("enable.metrics.push", "false");
    settings.put("key.serializer", ByteArraySerializer.class);
    settings.put("value.serializer", ByteArraySerializer.class);
    producer = new KafkaProducer<>(settings);
  }

  KafkaProducer<byte[], byte[]> producer() {
    return producer;
  }

  /// An event of this host: the namespace with this id, as its number too, is new.
  static String event(String host, long id) {
    return """
    {"schema":1,"stream":"%s-stream","seq":%d,"kind":"namespace-created",\
    "time":"2026-11-23T10:00:00.000000Z","source":"poll","host":{"name":"%s","id":"id-%s"},\
    "namespace":{"type":"net","inode":%d,"id":"%d","key":"net:%d","initial":false}}\
    """
        .formatted(host, id, host, host, 1000 + id, id, id);
  }

  /// What the state topic has of this namespace.
  static String state(String host, String type, long id, int processes) {
    return """
    {"schema":1,"host":{"name":"%s","id":"id-%s"},"stream":"s","seq":1,\
    "time":"2026-11-23T10:00:00.000000Z","namespace":{"type":"%s","inode":%d,"id":"%d",\
    "key":"%s:%d","initial":false},"processCount":%d}\
    """
        .formatted(host, host, type, 1000 + id, id, type, id, processes);
  }

  Records put(String key, String value) {
    return put(key, value, null);
  }

  /// Does not wait.
  Future<RecordMetadata> send(String key, String value) {
    return producer.send(new ProducerRecord<>(topic, key.getBytes(UTF_8), value.getBytes(UTF_8)));
  }

  /// Waits until it is there.
  ///
  /// @param value null for a tombstone
  /// @param time of the record in milliseconds, null for now
  Records put(String key, String value, Long time) {
    byte[] bytes = value == null ? null : value.getBytes(UTF_8);
    byte[] keyBytes = key == null ? null : key.getBytes(UTF_8);
    try {
      producer
          .send(new ProducerRecord<>(topic, null, time, keyBytes, bytes))
          .get(30, TimeUnit.SECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      throw new AssertionError(e);
    }
    return this;
  }

  @Override
  public void close() {
    producer.close();
  }
}
