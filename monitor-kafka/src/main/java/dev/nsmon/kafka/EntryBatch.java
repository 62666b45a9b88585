package dev.nsmon.kafka;

import dev.nsmon.kafka.EventRecords.Detail;
import dev.nsmon.log.Entry;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.ProducerRecord;

/// Entries of the log as a batch, encoded when it is made. One that is too large is told with less
/// detail, then as lost, then not at all.
final class EntryBatch implements Batch {
  private static final Detail[] DETAILS = Detail.values();
  private static final int NOT_AT_ALL = DETAILS.length;

  private final List<Entry> entries;
  private final List<ProducerRecord<byte[], byte[]>> encoded;
  private final EventRecords records;
  private final SizeLimit limit;
  private final Consumer<String> remarks;

  /// By place, an ordinal of [Detail] or [#NOT_AT_ALL].
  private final byte[] details;

  EntryBatch(List<Entry> entries, EventRecords records, SizeLimit limit, Consumer<String> remarks) {
    this.entries = entries;
    this.encoded = records.of(entries);
    this.records = records;
    this.limit = limit;
    this.remarks = remarks;
    this.details = new byte[entries.size()];
  }

  @Override
  public int size() {
    return entries.size();
  }

  /// The place of the first entry with this number or a higher one.
  int placeOf(long seq) {
    int place = 0;
    while (place < entries.size() && entries.get(place).seq() < seq) {
      place++;
    }
    return place;
  }

  /// The number after the last.
  long next() {
    return entries.getLast().seq() + 1;
  }

  @Override
  public Optional<ProducerRecord<byte[], byte[]>> at(int index) {
    while (details[index] < NOT_AT_ALL) {
      ProducerRecord<byte[], byte[]> record = record(index);
      if (limit.allows(record.value().length)) {
        return Optional.of(record);
      }
      details[index]++;
    }
    return Optional.empty();
  }

  private ProducerRecord<byte[], byte[]> record(int index) {
    Detail detail = DETAILS[details[index]];
    return detail == Detail.ALL ? encoded.get(index) : records.of(entries.get(index), detail);
  }

  @Override
  public void refused(int index) {
    Entry entry = entries.get(index);
    int size = record(index).value().length;
    limit.refused(size);
    remarks.accept(
        "record %d is too large for the broker (%d bytes): %s"
            .formatted(
                entry.seq(),
                size,
                details[index] == 0 ? "sent without details" : "events-lost goes in its place"));
    details[index]++;
  }
}
