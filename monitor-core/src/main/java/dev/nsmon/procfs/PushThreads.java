package dev.nsmon.procfs;

import dev.nsmon.namespace.Cause;
import dev.nsmon.namespace.Holder;
import dev.nsmon.namespace.Namespace;
import dev.nsmon.namespace.ProcessInfo;
import dev.nsmon.namespace.Task;
import dev.nsmon.proc.Stat;
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
    // Also when the process was read after this record: a scan does not count threads.
    if (slot != null) {
      slot.threadsMade++;
    }
    place(record.pid(), record.tid(), record.nanos(), record.inodes(), record.comm(), true);
  }

  /// A thread has called unshare or setns.
  void moved(Moved record) {
    place(record.pid(), record.tid(), record.nanos(), record.inodes(), record.comm(), false);
  }

  private void place(int pid, int tid, long nanos, Inodes named, String comm, boolean forked) {
    Slot known = scan.slots.find(pid);
    if (known != null && nanos <= known.seenNanos) {
      return;
    }
    Place home = known != null ? known.place : scan.places.initial();
    ThreadSlot before = known == null ? null : ThreadReader.find(elsewhere(known), tid);
    Place from = before != null ? before.place() : home;
    long[] inodes = PushReader.overlay(from.inodes(), named);
    if (from.isAt(inodes)) {
      return;
    }
    Place place = scan.reported.find(inodes, from, scan.reader.links(), witnesses);
    Slot slot = known != null ? known : atHome(pid, home, nanos);
    List<Namespace> born = steps.born();
    Cause cause = forked ? Cause.FORK : place.hasNew(from, born) ? Cause.UNSHARE : Cause.SETNS;
    long instance = before != null ? before.task().instance() : scan.processes.newInstance();
    Task task = new Task(pid, tid, instance, Task.State.LIVE, place.set, info(slot, comm));
    List<Task> rowsBefore = rows(slot, before == null ? null : before.task());
    boolean returned = !scan.settings.threads() && place == home;
    replace(slot, tid, returned ? null : new ThreadSlot(task, place));
    if (before != null) {
      scan.processes.leave(slot, before.task(), before.place());
      scan.endings.left(before.place(), scan.clock.now());
    }
    if (!scan.settings.threads()) {
      hold(task, place, born);
    }
    steps.add(
        Optional.empty(),
        scan.clock.wall(nanos),
        rowsBefore,
        rows(slot, task),
        scan.settings.threads() ? Optional.of(cause) : Optional.empty());
  }

  /// The threads that sit elsewhere than their process, with rows or without.
  private List<ThreadSlot> elsewhere(Slot slot) {
    return scan.settings.threads() ? slot.threads : slot.strays;
  }

  /// The rows that a step shows: none, if threads are not told.
  private List<Task> rows(Slot slot, Task thread) {
    if (!scan.settings.threads()) {
      return List.of();
    }
    return thread == null ? List.of(slot.task) : List.of(slot.task, thread);
  }

  /// Names the thread as what keeps the namespaces that it has made.
  private void hold(Task thread, Place place, List<Namespace> born) {
    for (Known known : place.known) {
      if (known != null && born.contains(known.namespace)) {
        steps.hold(known, new Holder.StrayThread(thread.pid(), thread.tid()));
      }
    }
  }

  private ProcessInfo info(Slot slot, String comm) {
    int directory = witnesses.own();
    Stat stat = directory < 0 ? null : scan.reader.stat(directory).orElse(null);
    return stat == null
        ? ProcessInfo.UNKNOWN.orElse(slot.task.info().ppid(), comm)
        : scan.reader.info(directory, stat);
  }

  private Slot atHome(int pid, Place home, long nanos) {
    Slot slot = new Slot(pid);
    slot.ranTicks = scan.clock.ticks(nanos);
    scan.settle(slot, home, Task.State.LIVE);
    scan.slots.insert(slot);
    slot.recount();
    return slot;
  }

  /// Puts this thread among those of its process that sit elsewhere; null takes it away.
  private void replace(Slot slot, int tid, ThreadSlot row) {
    List<ThreadSlot> rows = new ArrayList<>(elsewhere(slot));
    rows.removeIf(thread -> thread.task().tid() == tid);
    if (row != null) {
      rows.add(row);
      rows.sort(Comparator.comparingInt(thread -> thread.task().tid()));
    }
    if (scan.settings.threads()) {
      slot.threads = List.copyOf(rows);
    } else {
      slot.strays = List.copyOf(rows);
    }
    slot.recount();
  }

  /// A thread has exited.
  void exited(Exited record, PushExits exits) {
    Slot slot = scan.slots.find(record.pid());
    if (slot == null) {
      return;
    }
    ThreadSlot row = ThreadReader.find(elsewhere(slot), record.tid());
    if (row != null) {
      replace(slot, record.tid(), null);
      scan.processes.leave(slot, row.task(), row.place());
      scan.endings.left(row.place(), scan.clock.now());
      steps.add(
          Optional.empty(),
          scan.clock.wall(record.nanos()),
          rows(slot, row.task()),
          rows(slot, null),
          Optional.empty());
    }
    exits.threadExited(slot, record.nanos());
  }
}
