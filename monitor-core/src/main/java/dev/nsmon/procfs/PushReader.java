package dev.nsmon.procfs;

import dev.nsmon.namespace.Cause;
import dev.nsmon.namespace.NamespaceLink;
import dev.nsmon.namespace.NamespaceType;
import dev.nsmon.namespace.ProcessInfo;
import dev.nsmon.namespace.Task;
import dev.nsmon.proc.Stat;
import dev.nsmon.procfs.Known.Place;
import dev.nsmon.push.Inodes;
import dev.nsmon.push.KernelRecord;
import dev.nsmon.push.KernelRecord.Executed;
import dev.nsmon.push.KernelRecord.Exited;
import dev.nsmon.push.KernelRecord.Forked;
import dev.nsmon.push.KernelRecord.Moved;
import java.util.List;
import java.util.Optional;

/// Takes in what the kernel reported of single tasks, record by record, as steps to be compared.
///
/// A record that names inodes is a row by itself; `/proc` is read only for what it leaves out, and
/// only of a task that nothing has happened to since. A record that names none is a hint: the task
/// is looked at.
final class PushReader {
  private final Scan scan;
  private final PushSteps steps;
  private final PushExits exits;
  private final PushThreads threads;
  private final PushHints hints;
  private final Witnesses witnesses;

  PushReader(Scan scan) {
    this.scan = scan;
    this.steps = new PushSteps(scan);
    this.witnesses = new Witnesses(scan);
    this.exits = new PushExits(scan, steps);
    this.threads = new PushThreads(scan, steps, witnesses);
    this.hints = new PushHints(scan, steps, exits);
  }

  PushExits exits() {
    return exits;
  }

  PushHints hints() {
    return hints;
  }

  PushSteps steps() {
    return steps;
  }

  /// Takes in a batch, in the order of its times.
  void apply(List<KernelRecord> batch) {
    hints.begin();
    witnesses.begin(batch);
    for (int i = 0; i < batch.size(); i++) {
      witnesses.at(i);
      KernelRecord record = batch.get(i);
      scan.table.at(scan.clock.wall(record.nanos()));
      take(record);
    }
    witnesses.close();
  }

  private void take(KernelRecord record) {
    boolean leader = record.tid() == record.pid();
    switch (record) {
      case Forked forked when !forked.inodes().isKnown() -> hints.forked(forked);
      case Forked forked when leader -> forked(forked);
      case Forked forked -> threads.forked(forked);
      case Moved moved when leader -> moved(moved);
      case Moved moved -> threads.moved(moved);
      case Executed executed when executed.comm().isEmpty() -> hints.executed(executed);
      case Executed executed -> executed(executed);
      case Exited exited when leader -> exits.exited(exited);
      case Exited exited -> threads.exited(exited, exits);
    }
  }

  private void forked(Forked record) {
    Slot old = scan.slots.find(record.pid());
    if (old != null && record.nanos() <= old.seenNanos) {
      return;
    }
    if (old != null) {
      // Its exit went by unreported, as that of a process in the initial namespaces does.
      exits.end(old, record.nanos());
    }
    exits.reused(record.pid());
    Slot parent = scan.slots.find(record.parent());
    Place from = parent == null ? scan.places.initial() : parent.place;
    long[] inodes = began(record.inodes(), from);
    if (isHome(inodes) && isHome(readAll(inodes))) {
      return;
    }
    Slot slot = new Slot(record.pid());
    slot.seenNanos = record.nanos();
    slot.ranTicks = scan.clock.ticks(record.nanos());
    slot.countsThreads = true;
    ProcessInfo info = read(slot, inodes);
    slot.place = scan.reported.find(inodes, from, scan.reader.links(), witnesses);
    slot.task =
        new Task(
            slot.pid,
            0,
            scan.processes.newInstance(),
            Task.State.LIVE,
            slot.place.set,
            info != null ? info : unread(record, parent));
    scan.slots.insert(slot);
    scan.latecomers.began(slot);
    slot.recount();
    steps.holdForChildren(slot);
    steps.add(
        Optional.empty(),
        scan.clock.wall(record.nanos()),
        List.of(),
        List.of(slot.task),
        Optional.of(Cause.FORK));
  }

  /// Of a process that was gone before it could be read: it began in its parent's control group.
  private static ProcessInfo unread(Forked record, Slot parent) {
    String cgroup = parent == null ? "" : parent.task.info().cgroup();
    return ProcessInfo.UNKNOWN.orElse(record.parent(), record.comm()).withCgroup(cgroup);
  }

  private boolean isHome(long[] inodes) {
    return scan.settings.describe() != ScanSettings.Describe.ALL
        && scan.table.initialInodes().areAll(inodes);
  }

  /// All links of a process that was not dismissed although its record names but initial
  /// namespaces: its parent may have had another time namespace for it, and be gone.
  private long[] readAll(long[] inodes) {
    int directory = witnesses.own();
    return directory >= 0 && scan.reader.links().read(directory) == 0
        ? scan.reader.links().inodes()
        : inodes;
  }

  /// Where a forked process begins: no record names its time namespace, which is the one that its
  /// parent has for its children.
  private static long[] began(Inodes named, Place parent) {
    long[] inodes = overlay(parent.inodes(), named);
    inodes[NamespaceLink.TIME.ordinal()] = inodes[NamespaceLink.TIME_FOR_CHILDREN.ordinal()];
    inodes[NamespaceLink.PID_FOR_CHILDREN.ordinal()] = inodes[NamespaceLink.PID.ordinal()];
    return inodes;
  }

  /// Replaces the inodes that a record names.
  static long[] overlay(long[] inodes, Inodes named) {
    for (int link = 0; link < NamespaceLink.MEMBERSHIPS; link++) {
      NamespaceType type = NamespaceLink.at(link).type();
      inodes[link] = named.of(type) != 0 ? named.of(type) : inodes[link];
    }
    return inodes;
  }

  private void moved(Moved record) {
    Slot known = scan.slots.find(record.pid());
    if (known != null && record.nanos() <= known.seenNanos) {
      return;
    }
    // Who is not known was in the initial namespaces, or it would have been told of.
    Slot slot = known != null ? known : atHome(record);
    if (slot.startTicks < 0 && slot.ranTicks < 0) {
      // Another process may have its pid by now, which is younger.
      slot.ranTicks = scan.clock.ticks(record.nanos());
    }
    long[] inodes = overlay(slot.place.inodes(), record.inodes());
    ProcessInfo info = read(slot, inodes);
    ProcessInfo reported = slot.task.info().orElse(record.parent(), record.comm());
    relocate(slot, inodes, info != null ? info : reported, record.nanos(), true);
  }

  private Slot atHome(Moved record) {
    Slot slot = new Slot(record.pid());
    slot.ranTicks = scan.clock.ticks(record.nanos());
    scan.settle(slot, scan.places.initial(), Task.State.LIVE);
    return slot;
  }

  /// A process is at these inodes now.
  ///
  /// @param called whether it has called unshare or setns
  private void relocate(Slot slot, long[] inodes, ProcessInfo info, long nanos, boolean called) {
    if (slot.place.isAt(inodes)) {
      return;
    }
    Task before = slot.task;
    Place old = slot.place;
    Place place = scan.reported.find(inodes, old, scan.reader.links(), witnesses);
    Optional<Cause> cause = called ? Optional.of(cause(old, place)) : Optional.empty();
    if (scan.slots.find(slot.pid) == null) {
      scan.slots.insert(slot);
    }
    scan.processes.leave(slot, before, old);
    slot.place = place;
    slot.task = new Task(slot.pid, 0, before.instance(), Task.State.LIVE, place.set, info);
    slot.recount();
    if (called) {
      slot.hasEntered |= cause.equals(Optional.of(Cause.SETNS));
      scan.latecomers.moved(slot);
    }
    scan.endings.left(old, scan.clock.now());
    steps.holdForChildren(slot);
    steps.add(Optional.empty(), scan.clock.wall(nanos), List.of(before), List.of(slot.task), cause);
  }

  /// `unshare` moves into what it makes, `setns` into what exists.
  private Cause cause(Place old, Place place) {
    return place.hasNew(old, steps.born()) ? Cause.UNSHARE : Cause.SETNS;
  }

  private void executed(Executed record) {
    Slot slot = scan.slots.find(record.pid());
    if (slot == null || slot.task.state() != Task.State.LIVE) {
      return;
    }
    long[] inodes = slot.place.inodes();
    ProcessInfo read = read(slot, inodes);
    Task before = slot.task;
    ProcessInfo info = read != null ? read : before.info().executed(record.comm());
    slot.task = new Task(slot.pid, 0, before.instance(), before.state(), before.namespaces(), info);
    // A process that has unshared its time namespace enters it with exec (`time_namespaces(7)`).
    relocate(slot, inodes, info, record.nanos(), false);
  }

  /// What `/proc` says of the record's process, if it is still there and where the record put it;
  /// else null.
  ///
  /// @param inodes where it is as far as the record says, completed by what is read
  private ProcessInfo read(Slot slot, long[] inodes) {
    int directory = witnesses.own();
    Stat stat = directory < 0 ? null : scan.reader.stat(directory).orElse(null);
    if (stat == null || !slot.isAsOldAs(stat)) {
      witnesses.disown();
      return null;
    }
    slot.startTicks = stat.startTicks();
    if (scan.reader.links().read(directory) == 0 && agree(scan.reader.links().inodes(), inodes)) {
      System.arraycopy(scan.reader.links().inodes(), 0, inodes, 0, inodes.length);
    }
    return scan.reader.info(directory, stat);
  }

  /// Whether both say the same of the types that records name: all but time.
  private static boolean agree(long[] read, long[] named) {
    for (int link = 0; link < NamespaceLink.MEMBERSHIPS; link++) {
      if (link != NamespaceLink.TIME.ordinal() && read[link] != named[link]) {
        return false;
      }
    }
    return true;
  }
}
