package dev.nsmon.log;

/// The entries that a log holds in memory, contiguous by number, and an estimate of the heap that
/// they retain. Used under the log's lock.
final class Memory {
  /// Entry `seq` is at `seq & (ring.length - 1)`. Entries from `oldest` up to, but not including,
  /// `nextSeq` are valid.
  private Entry[] ring = new Entry[1024];

  /// The heap that the JSON of an archived entry takes, in bytes; 0 if the log has no archive.
  private final int recordBytes;

  private long oldest;
  private long nextSeq;
  private long bytes;

  /// @param nextSeq the number of the first entry
  /// @param recordBytes the heap that the JSON of each entry will take
  Memory(long nextSeq, int recordBytes) {
    this.oldest = nextSeq;
    this.nextSeq = nextSeq;
    this.recordBytes = recordBytes;
  }

  /// The lowest number in memory; equal to [#nextSeq()] if memory is empty.
  long oldest() {
    return oldest;
  }

  /// The number of the next entry.
  long nextSeq() {
    return nextSeq;
  }

  /// The heap that all entries retain, in bytes.
  long bytes() {
    return bytes;
  }

  /// The heap that the entries from this number on retain, in bytes. Assumes that all entries have
  /// the same size.
  long bytesFrom(long seq) {
    long count = nextSeq - oldest;
    long left = Math.clamp(nextSeq - seq, 0, count);
    return left == count ? bytes : bytes / count * left;
  }

  Entry get(long seq) {
    return ring[slot(seq)];
  }

  /// Adds an entry, whose number must be [#nextSeq()].
  void add(Entry entry) {
    if (nextSeq - oldest == ring.length) {
      grow();
    }
    ring[slot(nextSeq++)] = entry;
    bytes += bytesOf(entry);
  }

  void dropOldest() {
    bytes -= bytesOf(get(oldest));
    ring[slot(oldest++)] = null;
  }

  private long bytesOf(Entry entry) {
    return Footprint.of(entry.event()) + recordBytes;
  }

  private int slot(long seq) {
    return (int) seq & (ring.length - 1);
  }

  private void grow() {
    Entry[] larger = new Entry[ring.length * 2];
    for (long seq = oldest; seq < nextSeq; seq++) {
      larger[(int) seq & (larger.length - 1)] = get(seq);
    }
    ring = larger;
  }
}
