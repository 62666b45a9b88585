package dev.nsmon.perf;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/// Cache of thread names and parent processes, filled from fork, rename and exec records.
/// NAMESPACES records carry neither, so the source completes them from here.
///
/// The cache is direct-mapped: a new thread replaces an older one whose tid has the same low bits.
/// A thread that was replaced, or began before the source started, is unknown. One thread only.
final class RecentTasks {
  private static final int PLACES = 1 << 14;

  /// Longs per entry: tid and parent, then 16 bytes of name. Two entries fit a cache line.
  private static final int SIZE = 4;

  private final long[] places = new long[PLACES * SIZE];

  /// Adds a new thread. Its name is that of the thread that created it (`fork(2)`, `clone(2)`).
  ///
  /// @param maker the thread that created it
  /// @param parent the process that called fork, or for a thread its own process
  void begin(int tid, int maker, int parent) {
    long[] all = places;
    int from = place(maker);
    boolean known = tid(from) == maker;
    long low = known ? all[from + 1] : 0;
    long high = known ? all[from + 2] : 0;
    int to = place(tid);
    all[to] = ids(tid, parent);
    all[to + 1] = low;
    all[to + 2] = high;
  }

  /// Changes the name of a thread; adds the thread if it is unknown.
  void rename(int tid, long commLow, long commHigh) {
    int place = place(tid);
    if (tid(place) != tid) {
      places[place] = ids(tid, -1);
    }
    places[place + 1] = commLow;
    places[place + 2] = commHigh;
  }

  /// The process that forked this one; -1 if unknown.
  int parent(int pid) {
    int place = place(pid);
    return tid(place) == pid ? (int) (places[place] >> 32) : -1;
  }

  /// The name of this thread; empty if unknown.
  String comm(int tid) {
    int place = place(tid);
    return tid(place) == tid ? comm(places[place + 1], places[place + 2]) : "";
  }

  private static int place(int tid) {
    return (tid & PLACES - 1) * SIZE;
  }

  private int tid(int place) {
    return (int) places[place];
  }

  private static long ids(int tid, int parent) {
    return ((long) parent << 32) | (tid & 0xffffffffL);
  }

  /// Decodes a name up to its first zero byte. A name may hold any bytes; those that are no UTF-8
  /// are replaced.
  static String comm(long low, long high) {
    byte[] bytes =
        ByteBuffer.allocate(16).order(ByteOrder.nativeOrder()).putLong(low).putLong(high).array();
    int end = 0;
    while (end < bytes.length && bytes[end] != 0) {
      end++;
    }
    return new String(bytes, 0, end, UTF_8);
  }

  /// Clears the cache. Called after a loss of records, because a tid may belong to another thread
  /// by then.
  void forget() {
    Arrays.fill(places, 0);
  }
}
