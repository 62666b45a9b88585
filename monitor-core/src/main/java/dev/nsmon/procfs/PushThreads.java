package dev.nsmon.procfs;

import dev.nsmon.namespace.Cause;
import dev.nsmon.namespace.Holder;
import dev.nsmon.namespace.Namespace;
import dev.nsmon.namespace.ProcessInfo;
import dev.nsmon.namespace.Task;
import dev.nsmon.procfs.Known.Place;
import dev.nsmon.procfs.Slot.ThreadSlot;
import dev.nsmon.push.Inodes;
import dev.nsmon.push.KernelRecord.Exited;
import dev.nsmon.push.KernelRecord.Forked;
import dev.nsmon.push.KernelRecord.Moved;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Takes in what threads other than the main one do. They have rows of their own only where asked
/// for; the namespaces that they make are told in any case.
final class PushThreads {
  private final Scan scan;
  private final PushSteps steps;
  private final Witnesses witnesses;

  PushThreads(Scan scan, PushSteps steps, Witnesses witnesses) {
    this.scan = scan;
    this.steps = steps;
    this.witnesses = witnesses;
  }

  /// A process has made a thread.
  void forked(Forked record) {
    Slot slot = scan.slots.find(record.pid());
    if (slot != null && record.nanos() > slot.seenNanos) {
      slot.threadsMade++;
    }
    place(record.pid(), record.tid(), record.nanos(), record.inodes(), record.comm(), true);
  }

  /// A thread has called unshare or setns.
  void moved(Moved record) {
    place(record.pid(), record.tid(), record.nanos(), record.inodes(), record.comm(), false);
  }

  private void place(int pid, int tid, long nanos, Inodes named, String comm, boolean forked) {
    Slot slot = scan.slots.find(pid);
    if (slot != null && nanos <= slot.seenNanos) {
      return;
    }
    Place home = slot != null ? slot.place : scan.table.initialPlace();
    ThreadSlot before = slot == null ? null : ThreadReader.find(slot.threads, tid);
    Place from = before != null ? before.place() : home;
    long[] inodes = PushReader.overlay(from.inodes(), named);
    if (from.isAt(inodes)) {
      return;
    }
    Place place = scan.places.find(inodes, scan.reader.links, witnesses);
    List<Namespace> born = steps.born();
    Cause cause = forked ? Cause.FORK : place.hasNew(from, born) ? Cause.UNSHARE : Cause.SETNS;
    if (!scan.settings.threads()) {
      for (Known known : place.known) {
        if (known != null && born.contains(known.namespace)) {
          steps.hold(known, new Holder.StrayThread(pid, tid));
        }
      }
      steps.add(Optional.empty(), scan.clock.wall(nanos), List.of(), List.of(), Optional.empty());
      return;
    }
    Slot of = slot != null ? slot : atHome(pid, home);
    long instance = before != null ? before.task().instance() : scan.processes.newInstance();
    Task task = new Task(pid, tid, instance, Task.State.LIVE, place.set, info(of, comm));
    List<Task> rowsBefore = before == null ? List.of(of.task) : List.of(of.task, before.task());
    replace(of, tid, new ThreadSlot(task, place));
    if (before != null) {
      scan.processes.leave(of, before.task(), before.place());
      scan.endings.left(before.place(), scan.clock.now());
    }
    steps.add(
        Optional.empty(),
        scan.clock.wall(nanos),
        rowsBefore,
        List.of(of.task, task),
        Optional.of(cause));
  }

  private ProcessInfo info(Slot slot, String comm) {
    int directory = witnesses.own();
    Stat stat = directory < 0 ? null : scan.reader.stat(directory).orElse(null);
    return stat == null
        ? ProcessInfo.UNKNOWN.orElse(slot.task.info().ppid(), comm)
        : scan.reader.info(directory, stat);
  }

  private Slot atHome(int pid, Place home) {
    Slot slot = new Slot(pid);
    slot.place = home;
    slot.task =
        new Task(
            pid, 0, scan.processes.newInstance(), Task.State.LIVE, home.set, ProcessInfo.UNKNOWN);
    scan.slots.insert(slot);
    slot.recount();
    return slot;
  }

  /// Puts the row of this thread into its process; null takes it away.
  private static void replace(Slot slot, int tid, ThreadSlot row) {
    List<ThreadSlot> rows = new ArrayList<>(slot.threads);
    rows.removeIf(thread -> thread.task().tid() == tid);
    if (row != null) {
      rows.add(row);
      rows.sort(Comparator.comparingInt(thread -> thread.task().tid()));
    }
    slot.threads = List.copyOf(rows);
    slot.recount();
  }

  /// A thread has exited.
  void exited(Exited record, PushExits exits) {
    Slot slot = scan.slots.find(record.pid());
    if (slot == null) {
      return;
    }
    ThreadSlot row = ThreadReader.find(slot.threads, record.tid());
    if (row != null) {
      replace(slot, record.tid(), null);
      scan.processes.leave(slot, row.task(), row.place());
      scan.endings.left(row.place(), scan.clock.now());
      steps.add(
          Optional.empty(),
          scan.clock.wall(record.nanos()),
          List.of(slot.task, row.task()),
          List.of(slot.task),
          Optional.empty());
    }
    exits.threadExited(slot, record.nanos());
  }
}
