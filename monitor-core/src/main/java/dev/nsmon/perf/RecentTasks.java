package dev.nsmon.perf;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/// What the records of the last forks, renames and execs said of threads: their names, and who
/// forked their process. A record that is handed over draws on it, since it names neither.
///
/// Direct-mapped: a thread that comes takes the place of an older one whose tid has the same low
/// bits. What was overwritten, or began before the source did, is unknown. One thread only.
final class RecentTasks {
  private static final int PLACES = 1 << 14;

  /// Longs of a place: the tid and the parent, then the name. One line of the cache has two.
  private static final int SIZE = 4;

  private final long[] places = new long[PLACES * SIZE];

  /// A thread has begun. It is called like the one that made it (`fork(2)`, `clone(2)`).
  ///
  /// @param parent the process that forked its process; -1 if it is not known
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

  /// A thread is called otherwise.
  void rename(int tid, long commLow, long commHigh) {
    int place = place(tid);
    if (tid(place) != tid) {
      places[place] = ids(tid, -1);
    }
    places[place + 1] = commLow;
    places[place + 2] = commHigh;
  }

  /// The process that forked this one; -1 if it is not known.
  int parent(int pid) {
    int place = place(pid);
    return tid(place) == pid ? (int) (places[place] >> 32) : -1;
  }

  /// The name of this thread; empty if it is not known.
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

  /// The bytes before the first zero. A name may be any bytes; what is no UTF-8 is replaced.
  static String comm(long low, long high) {
    byte[] bytes =
        ByteBuffer.allocate(16).order(ByteOrder.nativeOrder()).putLong(low).putLong(high).array();
    int end = 0;
    while (end < bytes.length && bytes[end] != 0) {
      end++;
    }
    return new String(bytes, 0, end, UTF_8);
  }

  /// Records were lost: a tid may belong to another thread by now.
  void forget() {
    Arrays.fill(places, 0);
  }
}
