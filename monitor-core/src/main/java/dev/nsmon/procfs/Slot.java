package dev.nsmon.procfs;

import dev.nsmon.namespace.Holder;
import dev.nsmon.namespace.HostClock;
import dev.nsmon.namespace.NamespaceLink;
import dev.nsmon.namespace.Task;
import dev.nsmon.proc.Stat;
import dev.nsmon.procfs.Known.Place;
import java.util.ArrayList;
import java.util.List;

/// What the scanner keeps of one process from look to look. Made once for a process; a look at one
/// that has not run allocates nothing.
final class Slot {
  final int pid;

  /// Inode of `/proc/PID`, see [dev.nsmon.proc.DirectoryList].
  long directoryInode;

  /// CPU time it had used when it was last read, see [ProcScanner]; -1 if it must be read again.
  long cpuNanos = -1;

  /// Start time, once it has been read; -1 before.
  long startTicks = -1;

  /// A time at which it ran, in ticks since boot, where a record says so; -1 otherwise.
  long ranTicks = -1;

  /// Its row; null before the first read.
  Task task;

  Place place = NOWHERE;

  /// The look that put it there.
  int placed;

  /// Rows of threads that sit, or have sat, elsewhere.
  List<ThreadSlot> threads = List.of();

  /// Threads that sit elsewhere and have no row, where none was asked for, as far as a source has
  /// reported them.
  List<ThreadSlot> strays = List.of();

  /// Whether what is known of it is to be read again with the next look: a process seen for the
  /// first time often has its exec still before it.
  boolean fresh;

  /// CPU time at the last search of its descriptors; -1 before the first.
  long searchedCpuNanos = -1;

  /// Whether its descriptors could not be read, so that it may hold anything.
  boolean unsearched;

  /// Whether a socket of it would not tell its network namespace.
  boolean unsearchedSockets;

  /// What it was found to hold.
  List<Held> held = List.of();

  /// When its links were last read, by [HostClock#nanoTime()]: what a record from before that says
  /// is in its row already.
  long seenNanos;

  /// Whether it was born while its source reported every thread that it made.
  boolean countsThreads;

  /// How many threads it has made since.
  int threadsMade;

  /// Whether its main thread has exited and others may be left.
  boolean leaderExited;

  /// Whether its main thread was on its way out when it was first read: its record may have come
  /// before anybody took records. Of one that was known before, whose record was lost, a comparison
  /// finds the end.
  boolean exitsUnseen;

  /// Whether its control group is about to be read again, see [Latecomers].
  boolean isLate;

  /// Whether it has moved since that was done for the first time.
  boolean movesOn;

  /// Whether it may have come from elsewhere into one of the namespaces that it is in.
  boolean hasEntered;

  /// Where it was counted last; null if nowhere.
  private Place counted;

  /// Which of its threads were.
  private List<ThreadSlot> countedThreads = List.of();

  private List<ThreadSlot> countedStrays = List.of();

  Slot(int pid) {
    this.pid = pid;
  }

  /// Whether the process that was read now is still the one of this slot, as far as its age tells.
  boolean isAsOldAs(Stat stat) {
    return startTicks >= 0
        ? stat.startTicks() == startTicks
        : ranTicks < 0 || stat.startTicks() <= ranTicks + PushClock.SLACK_TICKS;
  }

  /// Its rows, the process before its threads.
  List<Task> rows() {
    if (threads.isEmpty()) {
      return List.of(task);
    }
    List<Task> rows = new ArrayList<>(threads.size() + 1);
    rows.add(task);
    threads.forEach(thread -> rows.add(thread.task()));
    return rows;
  }

  /// Brings the counts of who is where in line with its rows.
  void recount() {
    count(
        place == NOWHERE ? null : task.state() == Task.State.ZOMBIE ? place.remains() : place,
        threads,
        strays);
  }

  /// Forgets its strays: what a look finds of threads is held by them, see [HolderSearch].
  void forgetStrays() {
    if (!strays.isEmpty()) {
      strays = List.of();
      recount();
    }
  }

  /// Its rows count no more.
  void uncount() {
    strays = List.of();
    count(null, List.of(), strays);
  }

  private void count(Place now, List<ThreadSlot> threadsNow, List<ThreadSlot> straysNow) {
    if (now != counted) {
      // First in, then out: what it stays in must not seem empty in between.
      if (now != null) {
        now.enter();
      }
      if (counted != null) {
        counted.leave();
      }
      counted = now;
    }
    if (threadsNow != countedThreads) {
      threadsNow.forEach(thread -> thread.place().enter());
      countedThreads.forEach(thread -> thread.place().leave());
      countedThreads = threadsNow;
    }
    if (straysNow != countedStrays) {
      straysNow.forEach(thread -> thread.place().enter());
      countedStrays.forEach(thread -> thread.place().leave());
      countedStrays = straysNow;
    }
  }

  /// Whether it, or a thread of it, seems to be in a namespace that is gone.
  boolean hasGone() {
    boolean gone = place.hasGone();
    for (int i = 0; i < threads.size(); i++) {
      gone |= threads.get(i).place().hasGone();
    }
    return gone;
  }

  /// Whether it, or a thread of it, is where only it can show that there is life.
  boolean isDoubtful(int look) {
    boolean doubtful = place.isDoubtful(look);
    for (int i = 0; i < threads.size(); i++) {
      doubtful |= threads.get(i).place().isDoubtful(look);
    }
    return doubtful;
  }

  /// Of a process that nothing could be read of.
  static final Place NOWHERE = new Place(new Known[NamespaceLink.COUNT]);

  /// A thread with a row of its own.
  record ThreadSlot(Task task, Place place) {}

  /// A namespace that the process holds by other means than being in it.
  record Held(Known known, Holder holder) {}
}
