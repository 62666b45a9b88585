package dev.nsmon.procfs;

import dev.nsmon.libc.Errno;
import dev.nsmon.namespace.ProcessInfo;
import dev.nsmon.namespace.Task;
import dev.nsmon.proc.Stat;
import dev.nsmon.proc.TaskReader;
import dev.nsmon.procfs.Known.Place;
import dev.nsmon.procfs.Slot.ThreadSlot;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/// Finds the threads of a process that sit in other namespaces than its main thread: `setns(2)` and
/// `unshare(2)` move one thread only. A thread that has once sat elsewhere keeps its row until it
/// exits, so that its way back is a move and not an exit.
final class ThreadReader {
  private final Places places;
  private final TaskReader reader;
  private final LongSupplier instances;

  /// @param instances numbers for tasks seen for the first time
  ThreadReader(Places places, TaskReader reader, LongSupplier instances) {
    this.places = places;
    this.reader = reader;
    this.instances = instances;
  }

  /// The rows of the process's threads now; the list it has if nothing changed.
  ///
  /// @param exact whether to ask each namespace for its id
  List<ThreadSlot> read(Slot slot, int directory, boolean exact) {
    if (slot.threads.isEmpty() && !reader.hasThreads(directory)) {
      return slot.threads;
    }
    List<ThreadSlot> rows = new ArrayList<>(0);
    int result =
        reader.forEachThread(
            directory, slot.pid, (tid, thread) -> add(slot, tid, thread, exact, rows));
    if (result < 0 && !Errno.isGone(result)) {
      return slot.threads;
    }
    return rows.equals(slot.threads) ? slot.threads : List.copyOf(rows);
  }

  private void add(Slot slot, int tid, int thread, boolean exact, List<ThreadSlot> rows) {
    long error = reader.links().read(thread);
    ThreadSlot before = find(slot.threads, tid);
    if (error != 0) {
      if (before != null && !Errno.isGone(error)) {
        rows.add(before);
      }
      return;
    }
    if (before == null && slot.place.isAt(reader.links().inodes())) {
      return;
    }
    boolean stays = before != null && !exact && before.place().isAt(reader.links().inodes());
    Place place =
        stays
            ? before.place()
            : places.find(reader.links().inodes(), thread, reader.links(), exact);
    Stat stat = reader.stat(thread).orElse(null);
    if (stat == null) {
      if (before != null && !reader.hasGone()) {
        rows.add(before);
      }
      return;
    }
    boolean same = before != null && before.task().info().startTicks() == stat.startTicks();
    if (same && before.place() == place) {
      rows.add(before);
    } else if (same || place != slot.place) {
      // A new thread under an old number, in the same place as its process, is none of ours.
      long instance = same ? before.task().instance() : instances.getAsLong();
      ProcessInfo info = reader.info(thread, stat);
      rows.add(
          new ThreadSlot(
              new Task(slot.pid, tid, instance, Task.State.LIVE, place.set, info), place));
    }
  }

  /// The row of this thread; null if it has none.
  static ThreadSlot find(List<ThreadSlot> threads, int tid) {
    for (ThreadSlot thread : threads) {
      if (thread.task().tid() == tid) {
        return thread;
      }
    }
    return null;
  }
}
