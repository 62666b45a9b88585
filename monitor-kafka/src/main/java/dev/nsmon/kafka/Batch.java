package dev.nsmon.kafka;

import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerRecord;

/// Records that are to be published in this order.
interface Batch {
  int size();

  /// The record at this place as it is to be sent now; empty if there is nothing to be sent for it
  /// any more.
  Optional<ProducerRecord<byte[], byte[]>> at(int index);

  /// The one at this place was too large: from now on [#at] has something smaller, or nothing.
  void refused(int index);
}
