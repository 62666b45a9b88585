package dev.nsmon.kafka;

import dev.nsmon.event.Kind;
import dev.nsmon.kafka.EventRecords.Detail;
import dev.nsmon.log.Entry;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.ProducerRecord;

/// A batch of log entries, encoded when it is constructed.
///
/// A record that is too large is first sent with less detail, then as an `events-lost` record, then
/// as the smallest possible `events-lost`. If the broker rejects that one too, nothing is sent.
final class EntryBatch implements Batch {
  private static final Detail[] DETAILS = Detail.values();
  private static final int LOST = Detail.LOST.ordinal();
  private static final int LEAST = Detail.LEAST.ordinal();
  private static final int NOT_AT_ALL = DETAILS.length;

  private final List<Entry> entries;
  private final List<ProducerRecord<byte[], byte[]>> encoded;
  private final EventRecords records;
  private final SizeLimit limit;
  private final Consumer<String> remarks;
  private final Runnable lost;

  /// By index: an ordinal of [Detail], or [#NOT_AT_ALL].
  private final byte[] details;

  /// @param remarks takes a line for people when an entry is replaced by a smaller record
  /// @param lost called once for each entry that is lost
  EntryBatch(
      List<Entry> entries,
      EventRecords records,
      SizeLimit limit,
      Consumer<String> remarks,
      Runnable lost) {
    this.entries = entries;
    this.encoded = records.of(entries);
    this.records = records;
    this.limit = limit;
    this.remarks = remarks;
    this.lost = lost;
    this.details = new byte[entries.size()];
  }

  @Override
  public int size() {
    return entries.size();
  }

  /// The index of the first entry with this sequence number or a higher one; [#size] if there is
  /// none.
  int placeOf(long seq) {
    int place = 0;
    while (place < entries.size() && entries.get(place).seq() < seq) {
      place++;
    }
    return place;
  }

  /// The sequence number after that of the last entry.
  long next() {
    return entries.getLast().seq() + 1;
  }

  @Override
  public Optional<ProducerRecord<byte[], byte[]>> at(int index) {
    while (details[index] < NOT_AT_ALL) {
      ProducerRecord<byte[], byte[]> record = record(index);
      // The smallest form is always tried, whatever the learned limit says.
      if (details[index] == LEAST || limit.allows(record.value().length)) {
        return Optional.of(record);
      }
      reduce(index);
    }
    return Optional.empty();
  }

  private void reduce(int index) {
    details[index]++;
    if (details[index] == LOST && entries.get(index).kind() != Kind.EVENTS_LOST) {
      lost.run();
    }
    // Successive reductions are reported in one line, when a form is reached that may fit.
    if (details[index] == NOT_AT_ALL || limit.allows(record(index).value().length)) {
      remarks.accept(
          "record %d is too large for the broker (%d bytes): %s"
              .formatted(
                  entries.get(index).seq(), encoded.get(index).value().length, words(index)));
    }
  }

  private String words(int index) {
    if (details[index] == NOT_AT_ALL) {
      return "lost, and not even an events-lost in its place is small enough";
    }
    return details[index] < LOST ? "tried without its details" : "events-lost goes in its place";
  }

  private ProducerRecord<byte[], byte[]> record(int index) {
    Detail detail = DETAILS[details[index]];
    return detail == Detail.ALL ? encoded.get(index) : records.of(entries.get(index), detail);
  }

  @Override
  public void refused(int index) {
    limit.refused(record(index).value().length);
    reduce(index);
  }
}
