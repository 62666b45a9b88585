package dev.nsmon.perf;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.LongBuffer;

/// Reads the records of one CPU from the ring that the kernel writes them to (`perf_event_open(2)`,
/// "MMAP layout"), one after the other. One thread only.
///
/// ```
/// page: ... | at 1024: u64 data_head, data_tail, data_offset, data_size | ... | data, 2^n pages
/// ```
///
/// The kernel moves the head, the reader the tail; both count bytes from the beginning of time.
/// Records are copied out in bulk, wherever the ring wraps round, and read from the heap. A buffer
/// is what the client compiler makes the least of: a variable handle into a segment costs it as
/// much as ten records.
final class PerfRing {
  static final int DATA_HEAD = 1024;
  static final int DATA_TAIL = 1032;
  static final int DATA_OFFSET = 1040;
  static final int DATA_SIZE = 1048;

  /// The time of no record.
  static final long NONE = Long.MAX_VALUE;

  /// How many longs are copied at once. Far more than the largest record of interest, and so few
  /// that they stay in the cache.
  static final int WINDOW = 2048;

  /// Where the record lies that is next.
  final long[] words = new long[WINDOW];

  /// Index of its header.
  int at;

  /// Its size.
  int longs;

  /// When it was written; [#NONE] if there is none.
  long time = NONE;

  private final LongBuffer mapped;
  private final long dataOffset;
  private final long dataBytes;
  private int end;
  private long base;
  private long head;
  private long tail;
  private boolean broken;

  /// @param mapped the page and the data behind it
  PerfRing(MemorySegment mapped) {
    this.mapped = mapped.asByteBuffer().order(ByteOrder.nativeOrder()).asLongBuffer();
    this.dataOffset = mapped.get(JAVA_LONG, DATA_OFFSET);
    this.dataBytes = mapped.get(JAVA_LONG, DATA_SIZE);
    this.base = mapped.get(JAVA_LONG, DATA_TAIL);
    this.head = base;
    this.tail = base;
  }

  /// Takes notice of what the kernel has written until now; whether that is more than a quarter of
  /// what the ring can hold.
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

  /// Goes on to the next record, as far as [#look] has seen.
  void next() {
    at += longs;
    settle();
  }

  /// Has the sieve pass over what it dismisses, and goes on to the record behind that.
  ///
  /// @param until when the first record was written that is not to be taken yet
  void pass(Sieve sieve, long until) {
    int behind = sieve.pass(words, at, end, until);
    if (behind > at) {
      at = behind;
      settle();
    }
  }

  /// Gives the kernel back the room of what has been read.
  void release() {
    long read = position();
    if (read != tail) {
      tail = read;
      VarHandle.releaseFence();
      mapped.put(DATA_TAIL >> 3, read);
    }
  }

  /// Whether all that was seen has been read.
  boolean isEmpty() {
    return time == NONE;
  }

  /// Whether, since it was asked last, what lay there was no record, so that all was skipped.
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
      // None of the records asked for is that large.
      base = position() + bytes;
      at = 0;
      end = 0;
    }
  }

  /// Copies what lies at the position; whether there is anything.
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
