package dev.nsmon.log;

/// The entries that a log holds in memory, contiguous by number, and an estimate of the heap that
/// they retain. Used under the log's lock.
final class Memory {
  /// Entry `seq` is at `seq & (ring.length - 1)`; those from `oldest` up to `nextSeq` are valid.
  private Entry[] ring = new Entry[1024];

  /// Of the JSON that an entry keeps once it is written down.
  private final int recordBytes;

  private long oldest;
  private long nextSeq;
  private long bytes;

  /// @param nextSeq the number of the first entry
  /// @param recordBytes of the JSON that each entry will keep
  Memory(long nextSeq, int recordBytes) {
    this.oldest = nextSeq;
    this.nextSeq = nextSeq;
    this.recordBytes = recordBytes;
  }

  /// The first number that is here.
  long oldest() {
    return oldest;
  }

  /// The number after the last.
  long nextSeq() {
    return nextSeq;
  }

  /// What all of them retain.
  long bytes() {
    return bytes;
  }

  /// What the entries from this number on retain, taking all to be of the same size.
  long bytesFrom(long seq) {
    long count = nextSeq - oldest;
    long left = Math.clamp(nextSeq - seq, 0, count);
    return left == count ? bytes : bytes / count * left;
  }

  Entry get(long seq) {
    return ring[slot(seq)];
  }

  /// Adds the next.
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
