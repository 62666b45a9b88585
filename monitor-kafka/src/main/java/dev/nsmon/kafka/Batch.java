package dev.nsmon.kafka;

import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerRecord;

/// An ordered list of records to publish. A record that is too large can be replaced by a smaller
/// one.
interface Batch {
  int size();

  /// The record at this index, in the most detailed form that may fit; empty if nothing is left to
  /// send for it.
  Optional<ProducerRecord<byte[], byte[]>> at(int index);

  /// Reports that the record at this index was rejected as too large. From now on [#at] returns a
  /// smaller one, or empty.
  void refused(int index);
}
