package dev.nsmon.websocket;

import dev.nsmon.log.Entry;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// Frames back to back in one direct buffer, and the entries that they were made of. One thread
/// adds to it; any thread may read what was added. The buffer is freed when its last reference is
/// released.
final class Segment {
  /// Capacity in bytes, unless a single frame is larger. An outstanding write keeps a whole segment
  /// in memory.
  static final int BYTES = 64 << 10;

  private static final int FRAMES = 256;

  private final long from;
  private final ByteBuf bytes;
  private final int[] ends;
  private final Entry[] entries;

  /// Number of frames. Written last, so that a thread that reads it also sees the frames.
  private volatile int count;

  /// Set by [#seal], never reset.
  private volatile boolean sealed;

  /// @param from first number that it stands for
  Segment(long from, int bytes, int frames) {
    this.from = from;
    this.bytes = Unpooled.directBuffer(bytes, bytes);
    this.ends = new int[frames];
    this.entries = new Entry[frames];
  }

  /// An empty segment for a ring.
  ///
  /// @param length of the first frame in bytes
  static Segment forRing(long from, int length) {
    return new Segment(from, Math.max(BYTES, length), FRAMES);
  }

  /// Sealed segments that hold all these entries.
  ///
  /// @param encode encodes one entry with the encoder
  static List<Segment> of(FrameEncoder encoder, List<Entry> entries, Consumer<Entry> encode) {
    List<Segment> all = new ArrayList<>();
    Segment last = null;
    int left = entries.size();
    for (Entry entry : entries) {
      encode.accept(entry);
      if (last == null || !last.add(entry, encoder)) {
        int room = (int) Math.min(BYTES, left * 1024L);
        last = new Segment(entry.seq(), Math.max(room, encoder.length()), Math.min(left, FRAMES));
        all.add(last);
        last.add(entry, encoder);
      }
      left--;
    }
    all.forEach(Segment::seal);
    return all;
  }

  /// Adds the frame that was encoded last; false if there is no room for it.
  boolean add(Entry entry, FrameEncoder encoder) {
    int next = count;
    int used = begin(next);
    if (next == ends.length || bytes.capacity() - used < encoder.length()) {
      return false;
    }
    bytes.setBytes(used, encoder.array(), encoder.begin(), encoder.length());
    ends[next] = used + encoder.length();
    entries[next] = entry;
    count = next + 1;
    return true;
  }

  /// Ends the adding of frames.
  void seal() {
    sealed = true;
  }

  /// Whether no frame is added any more. Read this before the count: if true, the count is final.
  boolean isSealed() {
    return sealed;
  }

  int count() {
    return count;
  }

  long from() {
    return from;
  }

  Entry entry(int index) {
    return entries[index];
  }

  /// Index of the first frame with this number or a higher one; the count if there is none.
  int indexOf(long seq) {
    int low = 0;
    int high = count;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (entries[middle].seq() < seq) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /// Slice of these frames, with a reference for the caller.
  ///
  /// @param end index after the last
  ByteBuf slice(int first, int end) {
    int begin = begin(first);
    return bytes.retainedSlice(begin, begin(end) - begin);
  }

  private int begin(int index) {
    return index == 0 ? 0 : ends[index - 1];
  }

  int size() {
    return bytes.capacity();
  }

  void retain() {
    bytes.retain();
  }

  void release() {
    bytes.release();
  }
}
