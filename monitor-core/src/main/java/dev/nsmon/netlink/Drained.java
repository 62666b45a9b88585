package dev.nsmon.netlink;

import dev.nsmon.push.Inodes;
import dev.nsmon.push.KernelRecord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/// What one drain of the socket has brought: sorts it by time, and dismisses what can't be news, as
/// early as it can. One thread only.
///
/// Events come in the order in which things can depend on each other (a fork is told before the
/// child runs), so who is followed is decided as they come. Their times are in order for each CPU
/// only.
///
/// Unless it is followed, a process is told of when it begins or runs another program, so that
/// somebody looks at it; its exit only if that was told; its other threads never. One that began
/// and ended within the drain is not told of: it can't be looked at any more, and it began where
/// its parent is, who is not followed. It has ended when all its threads have: a thread that calls
/// `execve(2)` ends the main one and goes on under its pid.
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

  /// No record may be older: what has been handed over.
  private long floor = Long.MIN_VALUE;

  private boolean filtering;
  private final List<int[]> latest = new ArrayList<>();
  private final BitSet followed = new BitSet();

  /// Those of the followed that have ended: who gets such a pid next is not followed for it. Their
  /// other threads may still live.
  private final BitSet ended = new BitSet();

  /// Whose exit is told, because their beginning or new program was.
  private final BitSet announced = new BitSet();

  /// Tells everything of these processes from now on, and of their children.
  ///
  /// They may be younger than events that are yet to be read, the fork of such a process among
  /// them, and the exit of one that had its pid before: therefore the end of the drain does it
  /// again.
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

  /// @param parent whose child it is: who forked it, or that one's parent where it asked for that
  ///   (CLONE_PARENT), which the kernel does not let us tell apart. Of a thread it is the parent of
  ///   its process, so it says nothing.
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

  /// Inserts it behind all that are as old or older: a step or two from the end, mostly. One that
  /// was sent late, by a CPU that was interrupted between taking the time and sending, is given the
  /// time up to which all has been handed over.
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

  /// Ends the drain: what is to be handed over, in the order of time, none of it older than what
  /// was before.
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

  /// All that is older has been handed over or dismissed: no record to come will say that it is.
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
