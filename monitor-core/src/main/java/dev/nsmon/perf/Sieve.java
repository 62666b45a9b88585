package dev.nsmon.perf;

import dev.nsmon.push.Inodes;
import dev.nsmon.push.KernelRecord;
import java.util.ArrayList;
import java.util.List;

/// Record filter: converts perf records to [KernelRecord]s and drops irrelevant ones as early as
/// possible. On most hosts nearly all records are irrelevant, so dropping must be cheap.
///
/// A process is followed if one of these holds:
/// - It was forked with a namespace that is not initial.
/// - It has called `unshare(2)` or `setns(2)`. The call may have changed its time namespace, or
///   that of its future children, which no record names.
/// - Its parent is followed.
///
/// Records of other processes are dropped. Records come in the order of time, so all that a parent
/// did before a fork is known when the child is judged. One thread only.
final class Sieve {
  private final NamedInodes named;
  private final boolean everything;
  private final RecentTasks recent = new RecentTasks();
  private final PidSet followed = new PidSet();
  private final List<KernelRecord> records = new ArrayList<>();

  /// True from the first [#follow] on, unless everything is to be reported: records of processes
  /// that are not followed are dropped.
  private boolean dismissing;

  /// Time of the latest [#follow]. A fork before it does not end the following of a reused pid.
  private long followedAt = Long.MIN_VALUE;

  /// The watermark before this drain. Earlier time stamps are raised to it.
  private long floor = Long.MIN_VALUE;

  /// See [#since]. Records before this time are dropped, except exits.
  private long since = Long.MIN_VALUE;

  /// The sum of the LOST records since the last [#drainLost].
  private long lost;

  /// Records read since the last [#begin].
  private int taken;

  /// @param initial inodes of the host's initial namespaces
  /// @param everything report all records; drop none as irrelevant
  Sieve(Inodes initial, boolean everything) {
    this.named = new NamedInodes(initial);
    this.everything = everything;
  }

  /// Drops records before this time, except exits, and uses them only for the cache of names. Exits
  /// are reported, because a later scan may still find their tasks exiting. The reason: the CPUs'
  /// events are opened one after the other. A task may be forked on a CPU that already records and
  /// exit on one that does not yet. Its fork would then remain without an exit.
  void since(long nanos) {
    since = nanos;
  }

  private void tell(KernelRecord record, long time) {
    if (time >= since) {
      records.add(record);
    }
  }

  /// Adds processes to follow. From the first call on, records of other processes are dropped.
  ///
  /// @param nanos time of the request; it does not cover processes that are forked later
  void follow(int[] pids, long nanos) {
    for (int pid : pids) {
      followed.add(pid);
    }
    dismissing = !everything;
    followedAt = Math.max(followedAt, nanos);
  }

  /// Begins a drain. A record that comes too late for the batch it belongs to gets this time.
  ///
  /// @param nanos the watermark of the previous drain
  void begin(long nanos) {
    floor = nanos;
    taken = 0;
  }

  /// Skips the irrelevant records at the beginning of these, which must be in the order of time. In
  /// a storm nearly all records are skipped here, so this loop is most of the cost of a storm. It
  /// stops at the first record that it can't judge; [#take] must judge that one.
  ///
  /// @param end index behind the last word; the last record may be incomplete
  /// @param until exclusive limit: records of this time or later must not be read yet
  /// @return the index where it stopped
  int pass(long[] words, int at, int end, long until) {
    int next = at;
    while (dismissing && next < end) {
      int bytes = PerfDecoder.size(words[next]);
      int longs = bytes >> 3;
      if (longs < PerfDecoder.TASK_LONGS || next + longs > end || (bytes & 7) != 0) {
        break;
      }
      long time = words[next + longs - 1];
      if (time >= until) {
        break;
      }
      int type = PerfDecoder.type(words[next]);
      boolean dismissed =
          type == PerfDecoder.NAMESPACES
              ? longs == PerfDecoder.NAMESPACES_LONGS && isForkAtHome(words, next, time)
              : longs == PerfDecoder.TASK_LONGS
                  && (type == PerfDecoder.FORK
                      || (type == PerfDecoder.EXIT
                          && !followed.contains(PerfDecoder.pid(words, next))));
      if (!dismissed) {
        break;
      }
      taken++;
      next += longs;
    }
    return next;
  }

  /// True if the record is a fork in the initial namespaces, by a process that is not followed. If
  /// so, the new thread is added to [RecentTasks].
  private boolean isForkAtHome(long[] words, int at, long time) {
    int pid = PerfDecoder.pid(words, at);
    int tid = PerfDecoder.tid(words, at);
    int parent = PerfDecoder.writerPid(words, at, PerfDecoder.NAMESPACES_LONGS);
    int writer = PerfDecoder.writerTid(words, at, PerfDecoder.NAMESPACES_LONGS);
    if (pid <= 0 || writer == tid || followed.contains(parent) || !named.areAllInitial(words, at)) {
      return false;
    }
    recent.begin(tid, writer, parent);
    if (pid == tid && time >= followedAt) {
      followed.remove(pid); // It belonged to an earlier process.
    }
    return true;
  }

  /// Reads one record. Calls are in the order of the records' times.
  void take(long[] words, int at, int longs) {
    taken++;
    switch (PerfDecoder.type(words[at])) {
      case PerfDecoder.NAMESPACES -> namespaces(words, at, longs);
      case PerfDecoder.EXIT -> exited(words, at, longs);
      case PerfDecoder.COMM -> renamed(words, at, longs);
      case PerfDecoder.LOST -> {
        lost += PerfDecoder.lost(words, at);
        forget();
      }
      default -> {} // FORK: the NAMESPACES record that follows it says the same, and where.
    }
  }

  private void namespaces(long[] words, int at, int longs) {
    int pid = PerfDecoder.pid(words, at);
    int tid = PerfDecoder.tid(words, at);
    if (pid <= 0) {
      return; // The idle task of a CPU that is being brought up.
    }
    boolean initialOnly = named.areInitial(words, at);
    if (PerfDecoder.writerTid(words, at, longs) != tid) {
      forked(words, at, longs, initialOnly);
      return;
    }
    followed.add(pid);
    tell(
        new KernelRecord.Moved(
            nanos(words, at, longs),
            pid,
            tid,
            recent.parent(pid),
            recent.comm(pid),
            NamedInodes.of(words, at)),
        PerfDecoder.time(words, at, longs));
  }

  private void forked(long[] words, int at, int longs, boolean initialOnly) {
    int pid = PerfDecoder.pid(words, at);
    int tid = PerfDecoder.tid(words, at);
    int parent = PerfDecoder.writerPid(words, at, longs);
    recent.begin(tid, PerfDecoder.writerTid(words, at, longs), parent);
    // The parent of a thread is its own process.
    boolean follow = !initialOnly || followed.contains(parent);
    if (follow) {
      followed.add(pid);
    } else if (pid == tid && PerfDecoder.time(words, at, longs) >= followedAt) {
      followed.remove(pid); // It belonged to an earlier process.
    }
    if (follow || !dismissing) {
      tell(
          new KernelRecord.Forked(
              nanos(words, at, longs),
              pid,
              tid,
              parent,
              recent.comm(pid),
              NamedInodes.of(words, at)),
          PerfDecoder.time(words, at, longs));
    }
  }

  private void exited(long[] words, int at, int longs) {
    int pid = PerfDecoder.pid(words, at);
    // Its other threads may live on, so it stays followed.
    if (pid > 0 && (!dismissing || followed.contains(pid))) {
      records.add(
          new KernelRecord.Exited(nanos(words, at, longs), pid, PerfDecoder.exitedTid(words, at)));
    }
  }

  private void renamed(long[] words, int at, int longs) {
    int pid = PerfDecoder.pid(words, at);
    int tid = PerfDecoder.tid(words, at);
    long low = PerfDecoder.commLow(words, at);
    long high = PerfDecoder.commHigh(words, at, longs);
    recent.rename(tid, low, high);
    if (PerfDecoder.isExec(words[at]) && (!dismissing || followed.contains(pid))) {
      tell(
          new KernelRecord.Executed(nanos(words, at, longs), pid, tid, RecentTasks.comm(low, high)),
          PerfDecoder.time(words, at, longs));
    }
  }

  private long nanos(long[] words, int at, int longs) {
    return Math.max(floor, PerfDecoder.time(words, at, longs));
  }

  /// Returns and clears the records that were not dropped, in order.
  List<KernelRecord> drainRecords() {
    List<KernelRecord> drained = List.copyOf(records);
    records.clear();
    return drained;
  }

  /// Returns and clears the number of lost records, according to LOST records.
  long drainLost() {
    long count = lost;
    lost = 0;
    return count;
  }

  /// The number of records read since the last [#begin], dropped ones included.
  int taken() {
    return taken;
  }

  /// Clears the cache of names after a loss, because its entries may belong to earlier tasks.
  void forget() {
    recent.forget();
  }
}
