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

  private final int[] tids = new int[PLACES];
  private final int[] parents = new int[PLACES];
  private final long[] commLows = new long[PLACES];
  private final long[] commHighs = new long[PLACES];

  /// A thread has begun. It is called like the one that made it (`fork(2)`, `clone(2)`).
  ///
  /// @param parent the process that forked its process; -1 if it is not known
  void begin(int tid, int maker, int parent) {
    int from = maker & PLACES - 1;
    boolean known = tids[from] == maker;
    long low = known ? commLows[from] : 0;
    long high = known ? commHighs[from] : 0;
    int place = tid & PLACES - 1;
    tids[place] = tid;
    parents[place] = parent;
    commLows[place] = low;
    commHighs[place] = high;
  }

  /// A thread is called otherwise.
  void rename(int tid, long commLow, long commHigh) {
    int place = tid & PLACES - 1;
    if (tids[place] != tid) {
      tids[place] = tid;
      parents[place] = -1;
    }
    commLows[place] = commLow;
    commHighs[place] = commHigh;
  }

  /// The process that forked this one; -1 if it is not known.
  int parent(int pid) {
    int place = pid & PLACES - 1;
    return tids[place] == pid ? parents[place] : -1;
  }

  /// The name of this thread; empty if it is not known.
  String comm(int tid) {
    int place = tid & PLACES - 1;
    return tids[place] == tid ? comm(commLows[place], commHighs[place]) : "";
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
    Arrays.fill(tids, 0);
  }
}
