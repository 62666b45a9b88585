package dev.nsmon.procfs;

import dev.nsmon.namespace.ProcessInfo;
import dev.nsmon.namespace.Task;
import dev.nsmon.procfs.Known.Place;
import dev.nsmon.procfs.Slot.ThreadSlot;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/// Finds the threads of a process that sit in other namespaces than its main thread: `setns(2)` and
/// `unshare(2)` move one thread only. A thread that has once sat elsewhere keeps its row until it
/// exits, so that its way back is a move and not an exit.
final class ThreadReader {
  private final NamespaceTable table;
  private final TaskReader reader;
  private final LongSupplier instances;

  /// @param instances numbers for tasks seen for the first time
  ThreadReader(NamespaceTable table, TaskReader reader, LongSupplier instances) {
    this.table = table;
    this.reader = reader;
    this.instances = instances;
  }

  /// The rows of the process's threads now; the list it has if nothing changed.
  List<ThreadSlot> read(Slot slot, int directory) {
    if (slot.threads.isEmpty() && !reader.hasThreads(directory)) {
      return slot.threads;
    }
    List<ThreadSlot> rows = new ArrayList<>(0);
    reader.forEachThread(directory, slot.pid, (tid, thread) -> add(slot, tid, thread, rows));
    return rows.equals(slot.threads) ? slot.threads : List.copyOf(rows);
  }

  private void add(Slot slot, int tid, int thread, List<ThreadSlot> rows) {
    if (reader.links.read(thread) != 0) {
      return;
    }
    ThreadSlot before = find(slot.threads, tid);
    if (before == null && slot.place.isAt(reader.links.inodes)) {
      return;
    }
    Place place =
        before != null && before.place().isAt(reader.links.inodes)
            ? before.place()
            : table.place(reader.links.inodes, thread, reader.links, false);
    rows.add(
        before != null && before.place() == place ? before : row(slot, tid, thread, before, place));
  }

  private ThreadSlot row(Slot slot, int tid, int thread, ThreadSlot before, Place place) {
    ProcessInfo info =
        reader.stat(thread).map(stat -> reader.info(thread, stat)).orElse(ProcessInfo.UNKNOWN);
    boolean same = before != null && before.task().info().startTicks() == info.startTicks();
    long instance = same ? before.task().instance() : instances.getAsLong();
    return new ThreadSlot(
        new Task(slot.pid, tid, instance, Task.State.LIVE, place.set, info), place);
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
