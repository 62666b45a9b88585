package dev.nsmon.procfs;

import dev.nsmon.libc.Errno;
import dev.nsmon.namespace.ProcessInfo;
import dev.nsmon.namespace.Task;
import dev.nsmon.procfs.Slot.ThreadSlot;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Compares `/proc` with what records have told, and finds what no record did.
///
/// What differs is only suspect at first: its record may be on the way. Who is still not where
/// records have put it when all of them are in that are older than the comparison, and nothing more
/// has come of it, was missed.
final class Comparison {
  private static final int ROUNDS = 2;

  private final Scan scan;
  private final PushReader pushes;
  private List<Suspect> suspects = new ArrayList<>();

  Comparison(Scan scan, PushReader pushes) {
    this.scan = scan;
    this.pushes = pushes;
  }

  /// @param task its row when it was found to differ; null if it had none
  private record Suspect(int pid, Task task, List<ThreadSlot> threads, int rounds) {}

  /// Compares all processes listed. Those that merely live in the initial namespaces come and go
  /// here without a record.
  void run() {
    DirectoryList pids = scan.pids;
    Slots slots = scan.slots;
    List<Slot> added = new ArrayList<>();
    List<Slot> gone = new ArrayList<>();
    int old = 0;
    for (int i = 0; i < pids.size(); i++) {
      int pid = pids.number(i);
      while (old < slots.size() && slots.get(old).pid < pid) {
        vanished(slots.get(old++), gone);
      }
      if (old < slots.size() && slots.get(old).pid == pid) {
        Slot slot = slots.get(old++);
        if (!agrees(slot, pids.inode(i))) {
          suspect(pid, slot);
        }
      } else if (!pushes.exits().isUnreaped(pid)) {
        appeared(new Slot(pid), pids.inode(i), added);
      }
    }
    while (old < slots.size()) {
      vanished(slots.get(old++), gone);
    }
    for (Slot slot : gone) {
      scan.processes.drop(slot);
      slots.forget(slot.pid);
    }
    added.forEach(slots::insert);
  }

  private void suspect(int pid, Slot slot) {
    suspects.add(
        new Suspect(
            pid, slot == null ? null : slot.task, slot == null ? List.of() : slot.threads, 0));
  }

  private void vanished(Slot slot, List<Slot> gone) {
    if (scan.tells(slot)) {
      suspect(slot.pid, slot);
    } else {
      gone.add(slot);
    }
  }

  private void appeared(Slot slot, long directoryInode, List<Slot> added) {
    slot.seenNanos = System.nanoTime();
    long cpu = scan.proc.cpuNanos(slot.pid);
    long error = links(slot.pid);
    boolean initial = error == 0 && scan.table.isInitial(scan.reader.links.inodes);
    if (Errno.isGone(error)) {
      return;
    }
    if (error == 0 && (!initial || scan.settings.describe() == ScanSettings.Describe.ALL)) {
      suspect(slot.pid, null);
      return;
    }
    // Not read again: by now it may be elsewhere, and its record is on the way.
    slot.directoryInode = directoryInode;
    slot.cpuNanos = Math.max(cpu, -1);
    slot.place = initial ? scan.table.initialPlace() : Slot.NOWHERE;
    slot.task =
        new Task(
            slot.pid,
            0,
            scan.processes.newInstance(),
            initial ? Task.State.LIVE : Task.State.DENIED,
            slot.place.set,
            ProcessInfo.UNKNOWN);
    slot.recount();
    added.add(slot);
  }

  /// Reads the links of a process: 0 or the error.
  private long links(int pid) {
    int directory = scan.proc.openProcess(pid);
    if (directory < 0) {
      return directory;
    }
    long error = scan.reader.links.read(directory);
    scan.proc.libc.close(directory);
    return error;
  }

  private boolean agrees(Slot slot, long directoryInode) {
    long cpu = scan.proc.cpuNanos(slot.pid);
    boolean same = slot.directoryInode == directoryInode;
    if (same && cpu >= 0 && cpu == slot.cpuNanos) {
      return true;
    }
    int directory = scan.proc.openProcess(slot.pid);
    if (directory < 0) {
      return !Errno.isGone(directory) || slot.task.state() == Task.State.ZOMBIE;
    }
    try {
      long error = scan.reader.links.read(directory);
      if (error != 0) {
        // A main thread that has exited shows no links, whether others live or not.
        return !Errno.isGone(error) || slot.task.state() == Task.State.ZOMBIE || slot.leaderExited;
      }
      if (!slot.place.isAt(scan.reader.links.inodes)) {
        return false;
      }
      if (!same && scan.tells(slot)) {
        Stat stat = scan.reader.stat(directory).orElse(null);
        if (stat != null && !slot.isAsOldAs(stat)) {
          return false;
        }
      }
      slot.directoryInode = directoryInode;
      slot.cpuNanos = Math.max(cpu, -1);
      return true;
    } finally {
      scan.proc.libc.close(directory);
    }
  }

  /// Whether any is suspect.
  boolean hasSuspects() {
    return !suspects.isEmpty();
  }

  /// Looks again at those suspect, when all records older than the last look at them are in, and
  /// takes what `/proc` says for the truth where nothing else explains it.
  void confirm() {
    List<Suspect> rest = new ArrayList<>();
    for (Suspect suspect : suspects) {
      Slot slot = scan.slots.find(suspect.pid());
      boolean moving =
          (slot == null ? null : slot.task) != suspect.task()
              || (slot != null && slot.threads != suspect.threads());
      if (moving || isExplained(suspect.pid(), slot)) {
        continue;
      }
      if (suspect.rounds() + 1 < ROUNDS) {
        rest.add(
            new Suspect(suspect.pid(), suspect.task(), suspect.threads(), suspect.rounds() + 1));
      } else {
        pushes.hints().look(suspect.pid(), scan.clock.now(), Optional.empty());
      }
    }
    suspects = rest;
  }

  private boolean isExplained(int pid, Slot slot) {
    if (slot != null) {
      return agrees(slot, slot.directoryInode);
    }
    return links(pid) != 0
        || (scan.settings.describe() != ScanSettings.Describe.ALL
            && scan.table.isInitial(scan.reader.links.inodes));
  }
}
