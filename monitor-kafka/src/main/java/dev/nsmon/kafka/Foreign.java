package dev.nsmon.kafka;

import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/// Records in a topic that are none of nsmon's: passed over, which is said of the first, and then
/// of each tenfold number. Used by one thread.
final class Foreign {
  private final String topic;
  private final Consumer<String> remarks;
  private long count;
  private long sayAt = 1;

  Foreign(String topic, Consumer<String> remarks) {
    this.topic = topic;
    this.remarks = remarks;
  }

  /// Passes over this one.
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
