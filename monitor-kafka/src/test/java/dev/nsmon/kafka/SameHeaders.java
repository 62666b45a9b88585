package dev.nsmon.kafka;

import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerInterceptor;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.header.Header;

/// Gives the records of `kafka-producer-perf-test`, which knows neither keys nor headers, those
/// that our records have. They are made beforehand.
public final class SameHeaders implements ProducerInterceptor<byte[], byte[]> {
  private static List<ProducerRecord<byte[], byte[]>> models = List.of();

  private int next;

  /// The records whose keys and headers the ones of the next producer get, by turns.
  static void of(List<ProducerRecord<byte[], byte[]>> records) {
    models = List.copyOf(records);
  }

  @Override
  public ProducerRecord<byte[], byte[]> onSend(ProducerRecord<byte[], byte[]> record) {
    ProducerRecord<byte[], byte[]> model = models.get(next);
    next = next + 1 == models.size() ? 0 : next + 1;
    ProducerRecord<byte[], byte[]> same =
        new ProducerRecord<>(record.topic(), null, model.key(), record.value());
    for (Header header : model.headers()) {
      same.headers().add(header);
    }
    return same;
  }

  @Override
  public void onAcknowledgement(RecordMetadata metadata, Exception failure) {}

  @Override
  public void configure(Map<String, ?> settings) {}

  @Override
  public void close() {}
}
