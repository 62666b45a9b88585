package dev.nsmon.netlink;

import dev.nsmon.push.Inodes;
import dev.nsmon.push.KernelRecord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/// The records of one drain of the socket: sorts them by time and drops irrelevant ones as early as
/// possible. One thread only.
///
/// Events arrive in causal order (a fork arrives before all events of the child), so it is decided
/// on arrival which processes are followed. Their time stamps are in order for each CPU only.
///
/// Rules, once [#follow] has been called:
/// - Of a followed process, everything is delivered.
/// - Of another process, fork and exec are delivered, so that the consumer reads it in `/proc`. Its
///   exit is delivered only if its fork or exec was. Its other threads are never delivered.
/// - Another process that began and ended within one drain is dropped. It can no longer be read,
///   and it began in the namespaces of its parent, which is not followed.
///
/// A process has ended when all its threads have. A thread that calls `execve(2)` ends the main
/// thread and continues under the pid.
final class Drained {
  private static final int FORKED = 0;
  private static final int EXECUTED = 1;
  private static final int EXITED = 2;

  private static final int KIND = 0;
  private static final int PID = 1;
  private static final int TID = 2;
  private static final int PARENT = 3;
  private static final int BIRTH = 4;
  private static final int FIELDS = 5;

  private final Births births = new Births();
  private long[] nanos = new long[256];
  private int[] fields = new int[256 * FIELDS];
  private int count;

  /// The watermark: an older time stamp is raised to it.
  private long floor = Long.MIN_VALUE;

  /// True from the first [#follow] on. While false, everything is delivered.
  private boolean filtering;

  /// The calls of [#follow] since the last [#take], which applies them again.
  private final List<int[]> latest = new ArrayList<>();

  private final BitSet followed = new BitSet();

  /// Followed processes whose main thread has exited, while other threads may live. The next fork
  /// with such a pid starts a process that is not followed for its own sake. Set on exit; cleared
  /// by that fork or by [#follow].
  private final BitSet ended = new BitSet();

  /// Processes whose exit of the main thread is to be delivered, because their fork or exec was.
  /// Cleared on that exit.
  private final BitSet announced = new BitSet();

  /// Follows these processes and their future children: all their records are delivered.
  ///
  /// Unread events may be older than this call. They may contain the fork of such a process, or the
  /// exit of an earlier process with its pid, which would undo the call. Therefore [#take] applies
  /// it again at the end of the drain.
  void follow(int[] pids) {
    filtering = true;
    latest.add(pids);
    apply(pids);
  }

  private void apply(int[] pids) {
    for (int pid : pids) {
      followed.set(pid);
      ended.clear(pid);
    }
  }

  /// Adds a fork.
  ///
  /// @param parent the parent process. With CLONE_PARENT it is the caller's parent, and the event
  ///   does not say so. For a thread it is the parent of its process, and is ignored.
  void forked(long at, int pid, int tid, int parent) {
    if (tid != pid) {
      int birth = births.find(pid);
      if (birth >= 0) {
        births.threads(birth, 1);
      }
      if (tellsAllOf(pid)) {
        add(at, FORKED, pid, tid, pid, birth);
      }
      return;
    }
    if (ended.get(pid)) {
      ended.clear(pid);
      followed.clear(pid);
    }
    if (followed.get(parent)) {
      followed.set(pid);
    }
    announced.set(pid);
    add(at, FORKED, pid, tid, parent, births.begin(pid, tellsAllOf(pid)));
  }

  void executed(long at, int pid, int tid) {
    announced.set(pid);
    add(at, EXECUTED, pid, tid, 0, births.find(pid));
  }

  void exited(long at, int pid, int tid) {
    int birth = births.find(pid);
    if (birth >= 0) {
      births.threads(birth, -1);
    }
    boolean main = tid == pid;
    if (tellsAllOf(pid) || (main && announced.get(pid))) {
      add(at, EXITED, pid, tid, 0, birth);
    }
    if (main) {
      announced.clear(pid);
      if (followed.get(pid)) {
        ended.set(pid);
      }
    }
  }

  private boolean tellsAllOf(int pid) {
    return !filtering || followed.get(pid);
  }

  /// Inserts a record behind all of the same or an earlier time, usually one or two steps from the
  /// end. A CPU may be interrupted between taking the time and sending. A record that is late for
  /// this reason gets the watermark as its time.
  private void add(long at, int kind, int pid, int tid, int parent, int birth) {
    if (count == nanos.length) {
      nanos = Arrays.copyOf(nanos, count * 2);
      fields = Arrays.copyOf(fields, count * 2 * FIELDS);
    }
    long time = Math.max(at, floor);
    int place = count;
    while (place > 0 && nanos[place - 1] > time) {
      place--;
    }
    int field = place * FIELDS;
    if (place < count) {
      System.arraycopy(nanos, place, nanos, place + 1, count - place);
      System.arraycopy(fields, field, fields, field + FIELDS, (count - place) * FIELDS);
    }
    nanos[place] = time;
    fields[field + KIND] = kind;
    fields[field + PID] = pid;
    fields[field + TID] = tid;
    fields[field + PARENT] = parent;
    fields[field + BIRTH] = birth;
    count++;
  }

  /// Ends the drain and returns the records to deliver, in the order of time. None is older than
  /// those of the previous drain.
  List<KernelRecord> take() {
    List<KernelRecord> records = count == 0 ? List.of() : new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int birth = fields[i * FIELDS + BIRTH];
      if (birth < 0 || !births.isDismissed(birth)) {
        records.add(record(i));
      }
    }
    if (!records.isEmpty()) {
      floor = records.getLast().nanos();
    }
    count = 0;
    births.clear();
    latest.forEach(this::apply);
    latest.clear();
    return records;
  }

  /// Raises the watermark: later records get at least this time.
  void until(long time) {
    floor = Math.max(floor, time);
  }

  private KernelRecord record(int index) {
    long time = nanos[index];
    int pid = fields[index * FIELDS + PID];
    int tid = fields[index * FIELDS + TID];
    return switch (fields[index * FIELDS + KIND]) {
      case FORKED ->
          new KernelRecord.Forked(time, pid, tid, fields[index * FIELDS + PARENT], "", Inodes.NONE);
      case EXECUTED -> new KernelRecord.Executed(time, pid, tid, "");
      default -> new KernelRecord.Exited(time, pid, tid);
    };
  }
}
