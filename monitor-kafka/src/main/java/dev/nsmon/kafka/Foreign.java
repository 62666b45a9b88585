package dev.nsmon.kafka;

import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/// Counts the records of a topic that are not nsmon's and are skipped. Reports the 1st, 10th, 100th
/// and so on. Used by one thread.
final class Foreign {
  private final String topic;
  private final Consumer<String> remarks;
  private long count;
  private long sayAt = 1;

  Foreign(String topic, Consumer<String> remarks) {
    this.topic = topic;
    this.remarks = remarks;
  }

  /// Skips this record.
  void pass(ConsumerRecord<?, ?> one, String reason) {
    count++;
    if (count == sayAt) {
      sayAt *= 10;
      remarks.accept(
          "Kafka topic "
              + topic
              + ": passed over "
              + (count == 1 ? "what is no record of nsmon" : count + " such records")
              + ", at offset "
              + one.offset()
              + " of partition "
              + one.partition()
              + ": "
              + reason);
    }
  }
}
