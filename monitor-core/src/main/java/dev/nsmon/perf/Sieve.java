package dev.nsmon.perf;

import dev.nsmon.push.Inodes;
import dev.nsmon.push.KernelRecord;
import java.util.ArrayList;
import java.util.List;

/// Makes kernel records out of perf records, and dismisses those that can't be news as early as it
/// can: on most hosts nearly all, and they must cost next to nothing.
///
/// A process is followed if it has been in a namespace that is not initial, has called `unshare(2)`
/// or `setns(2)` (which may have changed its time namespace, or those of its children, without the
/// record's saying so), or was forked by one that is followed. Since records come in the order of
/// their times, a child is judged after all that its parent did before. One thread only.
final class Sieve {
  private final NamedInodes named;
  private final boolean everything;
  private final RecentTasks recent = new RecentTasks();
  private final PidSet followed = new PidSet();
  private final List<KernelRecord> records = new ArrayList<>();
  private boolean dismissing;
  private long followedAt = Long.MIN_VALUE;
  private long floor = Long.MIN_VALUE;
  private long since = Long.MIN_VALUE;
  private long lost;
  private int taken;

  /// @param initial inodes of the host's initial namespaces
  /// @param everything dismiss nothing, ever
  Sieve(Inodes initial, boolean everything) {
    this.named = new NamedInodes(initial);
    this.everything = everything;
  }

  /// Tells of what was recorded before this exits only, which may be of tasks that a later look
  /// still finds on their way out, and keeps the names. The events of the CPUs are opened one after
  /// the other: of a task that was forked on one the exit may have come on another that did not
  /// record yet.
  void since(long nanos) {
    since = nanos;
  }

  private void tell(KernelRecord record, long time) {
    if (time >= since) {
      records.add(record);
    }
  }

  /// These are of interest; from now on, others may be dismissed.
  ///
  /// @param nanos when that was said: it is not about processes that are forked later
  void follow(int[] pids, long nanos) {
    for (int pid : pids) {
      followed.add(pid);
    }
    dismissing = !everything;
    followedAt = Math.max(followedAt, nanos);
  }

  /// Whatever is taken now happened no earlier than this: a record that comes too late for the
  /// batch it belongs to is told as if it had happened then.
  void begin(long nanos) {
    floor = nanos;
    taken = 0;
  }

  /// Passes over the records at the beginning of these that are dismissed, each later than the
  /// last: in a storm nearly all are, so that this loop is what it costs to watch one. It stops at
  /// the first that it is not sure of, for [#take] to judge.
  ///
  /// @param end behind the last word; the last record may not be whole
  /// @param until when the first record was written that is not to be taken yet
  /// @return where it stopped
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

  /// Whether that is the fork of a process in the initial namespaces by one that nobody follows; if
  /// so, it is remembered.
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

  /// One record, later than the last.
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

  /// What was not dismissed since it was asked last, in order.
  List<KernelRecord> drainRecords() {
    List<KernelRecord> drained = List.copyOf(records);
    records.clear();
    return drained;
  }

  /// How many records the LOST records since it was asked last say were lost.
  long drainLost() {
    long count = lost;
    lost = 0;
    return count;
  }

  /// How many records were taken since it began.
  int taken() {
    return taken;
  }

  /// Records were lost: what is remembered of tasks may be of earlier ones.
  void forget() {
    recent.forget();
  }
}
