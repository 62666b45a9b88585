package dev.nsmon.perf;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.LongBuffer;

/// Iterates over the records in one CPU's ring buffer (`perf_event_open(2)`, "MMAP layout"). One
/// thread only.
///
/// ```
/// page: ... | at 1024: u64 data_head, data_tail, data_offset, data_size | ... | data, 2^n pages
/// ```
///
/// The kernel advances the head and the reader the tail. Both count bytes and never wrap; their low
/// bits are the offset in the ring. Records are copied in bulk to a heap array and decoded there.
/// Reading the mapped memory value by value would be slow under the client compiler (C1). One
/// access through a `VarHandle` of a segment costs as much as decoding ten records.
final class PerfRing {
  static final int DATA_HEAD = 1024;
  static final int DATA_TAIL = 1032;
  static final int DATA_OFFSET = 1040;
  static final int DATA_SIZE = 1048;

  /// The value of [#time] if there is no record.
  static final long NONE = Long.MAX_VALUE;

  /// The size of the copy window in longs: far larger than any record of interest, and small enough
  /// for the CPU's cache.
  static final int WINDOW = 2048;

  /// The copy window, which holds the current record.
  final long[] words = new long[WINDOW];

  /// The index of the current record's header in [#words].
  int at;

  /// The size of the current record in longs.
  int longs;

  /// The time of the current record; [#NONE] if there is no record.
  long time = NONE;

  private final LongBuffer mapped;
  private final long dataOffset;
  private final long dataBytes;
  private int end;
  private long base;
  private long head;
  private long tail;
  private boolean broken;

  /// @param mapped the control page, followed by the data pages
  PerfRing(MemorySegment mapped) {
    this.mapped = mapped.asByteBuffer().order(ByteOrder.nativeOrder()).asLongBuffer();
    this.dataOffset = mapped.get(JAVA_LONG, DATA_OFFSET);
    this.dataBytes = mapped.get(JAVA_LONG, DATA_SIZE);
    this.base = mapped.get(JAVA_LONG, DATA_TAIL);
    this.head = base;
    this.tail = base;
  }

  /// Reads the kernel's head, which makes newly written records available. True if more than a
  /// quarter of the ring is unread.
  boolean look() {
    long seen = mapped.get(DATA_HEAD >> 3) & -8L;
    VarHandle.acquireFence();
    boolean back = seen < head;
    head = seen;
    long unread = head - position();
    if (back || unread > dataBytes) {
      resynchronise();
    } else if (time == NONE) {
      settle();
    }
    return unread > dataBytes >> 2;
  }

  /// True if more than half of the ring was unread at the last [#look].
  boolean isHalfFull() {
    return head - position() > dataBytes >> 1;
  }

  /// Advances to the next record that the last [#look] has seen.
  void next() {
    at += longs;
    settle();
  }

  /// Advances past the records that [Sieve#pass] drops.
  ///
  /// @param until exclusive limit: records of this time or later are left in the ring
  void pass(Sieve sieve, long until) {
    int behind = sieve.pass(words, at, end, until);
    if (behind > at) {
      at = behind;
      settle();
    }
  }

  /// Advances the tail, so that the kernel can overwrite what has been read.
  void release() {
    long read = position();
    if (read != tail) {
      tail = read;
      VarHandle.releaseFence();
      mapped.put(DATA_TAIL >> 3, read);
    }
  }

  /// True if every record that the last [#look] saw has been read.
  boolean isEmpty() {
    return time == NONE;
  }

  /// True if, since the last call, the ring held data that is no valid record. All unread data was
  /// then skipped.
  boolean wasBroken() {
    boolean was = broken;
    broken = false;
    return was;
  }

  private long position() {
    return base + 8L * at;
  }

  private void settle() {
    time = NONE;
    while (at < end || fill()) {
      int bytes = PerfDecoder.size(words[at]);
      if (bytes < 8 * PerfDecoder.LEAST_LONGS || (bytes & 7) != 0 || bytes > head - position()) {
        resynchronise();
        return;
      }
      longs = bytes >> 3;
      if (longs <= WINDOW) {
        if (at + longs > end) {
          fill();
        }
        time = PerfDecoder.time(words, at, longs);
        if (time == NONE || !PerfDecoder.isSound(words, at, longs)) {
          resynchronise();
        }
        return;
      }
      // Larger than the window: no record type of interest can be, so it is skipped.
      base = position() + bytes;
      at = 0;
      end = 0;
    }
  }

  /// Copies the ring's content from the current position into the window. False if there is none.
  private boolean fill() {
    base = position();
    at = 0;
    release();
    end = (int) Math.min(WINDOW, (head - base) >> 3);
    long offset = base & (dataBytes - 1);
    int first = (int) Math.min(end, (dataBytes - offset) >> 3);
    mapped.get((int) ((dataOffset + offset) >> 3), words, 0, first);
    mapped.get((int) (dataOffset >> 3), words, first, end - first);
    return end > 0;
  }

  private void resynchronise() {
    base = head;
    at = 0;
    end = 0;
    time = NONE;
    broken = true;
    release();
  }
}
