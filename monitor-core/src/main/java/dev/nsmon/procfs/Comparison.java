package dev.nsmon.procfs;

import dev.nsmon.libc.Errno;
import dev.nsmon.namespace.NamespaceLink;
import dev.nsmon.namespace.Task;
import dev.nsmon.proc.DirectoryList;
import dev.nsmon.proc.NamespaceProbe;
import dev.nsmon.procfs.Slot.ThreadSlot;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Compares `/proc` with what records have told, and finds what no record did.
///
/// What differs is only suspect at first: its record may be on the way. Who is still not where
/// records have put it seconds after all of them are in that are older than the comparison, and
/// nothing more has come of it, was missed.
final class Comparison {
  /// How long a record may take: `unshare(2)` writes it when it has freed what it left, and to free
  /// a mount namespace it waits for all readers (RCU).
  private static final long PATIENCE_NANOS = 3_000_000_000L;

  private final Scan scan;
  private final PushReader pushes;
  private final Unasked unasked;
  private List<Suspect> suspects = new ArrayList<>();

  private final List<Slot> reaped = new ArrayList<>();

  /// Inodes behind the links of those that differed in the last comparison.
  private final Set<Long> named = new HashSet<>();

  Comparison(Scan scan, PushReader pushes) {
    this.scan = scan;
    this.pushes = pushes;
    this.unasked = new Unasked(scan);
  }

  /// @param task its row when it was found to differ; null if it had none
  private record Suspect(
      int pid, long directoryInode, Task task, List<ThreadSlot> threads, long sinceNanos) {}

  /// Compares all processes listed. Those that merely live in the initial namespaces come and go
  /// here without a record.
  void run() {
    DirectoryList pids = scan.pids;
    named.clear();
    pushes.exits().forgetReaped(pids);
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
        switch (see(slot, pids.inode(i))) {
          case SAME -> {}
          case OTHERWISE -> suspect(pid, pids.inode(i), slot);
          case GONE -> vanished(slot, gone);
          case REAPED -> {
            reaped.add(slot);
            appeared(new Slot(pid), pids.inode(i), added);
          }
        }
      } else if (!pushes.exits().isUnreaped(pid)) {
        appeared(new Slot(pid), pids.inode(i), added);
      }
    }
    while (old < slots.size()) {
      vanished(slots.get(old++), gone);
    }
    suspectMembersOfGone();
    for (Slot slot : reaped) {
      // The end of another may have shown that this one was reaped.
      if (slots.find(slot.pid) == slot) {
        pushes.exits().endFound(slot);
      }
    }
    reaped.clear();
    for (Slot slot : gone) {
      scan.processes.drop(slot);
      slots.forget(slot.pid);
    }
    added.forEach(slots::insert);
    unasked.ask();
  }

  private void suspect(int pid, long directoryInode, Slot slot) {
    suspects.add(
        new Suspect(
            pid,
            directoryInode,
            slot == null ? null : slot.task,
            slot == null ? List.of() : slot.threads,
            scan.clock.nanoTime()));
  }

  private void vanished(Slot slot, List<Slot> gone) {
    if (slot.task.state() == Task.State.ZOMBIE) {
      reaped.add(slot);
    } else if (scan.tells(slot)) {
      suspect(slot.pid, slot.directoryInode, slot);
    } else {
      gone.add(slot);
    }
  }

  private void appeared(Slot slot, long directoryInode, List<Slot> added) {
    // The process began after the previous listing, and so did its records. They may not have
    // arrived yet, and may report namespaces that it has left again.
    slot.seenNanos = scan.previousListNanos;
    long cpu = scan.proc.cpuNanos(slot.pid);
    long error = links(slot.pid);
    boolean initial = error == 0 && scan.table.initialInodes().areAll(scan.reader.links().inodes());
    if (Errno.isGone(error)) {
      return;
    }
    if (error == 0 && (!initial || scan.settings.describe() == ScanSettings.Describe.ALL)) {
      note(scan.reader.links().inodes());
      suspect(slot.pid, directoryInode, null);
      return;
    }
    if (isSuspect(slot.pid)) {
      // An earlier comparison found it in another namespace. Those records have not arrived yet.
      return;
    }
    // Not read again: by now it may be elsewhere, and its record is on the way.
    slot.directoryInode = directoryInode;
    slot.cpuNanos = Math.max(cpu, -1);
    if (initial) {
      scan.settle(slot, scan.places.initial(), Task.State.LIVE);
    } else {
      scan.settle(slot, Slot.NOWHERE, Task.State.DENIED);
    }
    slot.recount();
    added.add(slot);
  }

  /// Whether a process with this pid that has no row is suspect.
  private boolean isSuspect(int pid) {
    return suspects.stream().anyMatch(one -> one.pid() == pid && one.task() == null);
  }

  /// Reads the links of a process: 0 or the error.
  private long links(int pid) {
    int directory = scan.proc.openProcess(pid);
    if (directory < 0) {
      return directory;
    }
    long error = scan.reader.links().read(directory);
    scan.proc.libc().close(directory);
    return error;
  }

  /// What `/proc` says of a process that was listed.
  private enum Seen {
    /// Its namespaces are unchanged, or can't be read.
    SAME,
    /// Its namespaces differ, or another process has its pid.
    OTHERWISE,
    /// It has ended since it was listed.
    GONE,
    /// It was a zombie, and another process has its pid.
    REAPED
  }

  private Seen see(Slot slot, long directoryInode) {
    long cpu = scan.proc.cpuNanos(slot.pid);
    boolean same = slot.directoryInode == directoryInode;
    if (same && cpu >= 0 && cpu == slot.cpuNanos) {
      return Seen.SAME;
    }
    int directory = scan.proc.openProcess(slot.pid);
    if (directory < 0) {
      return Errno.isGone(directory) ? Seen.GONE : Seen.SAME;
    }
    try {
      boolean zombie = slot.task.state() == Task.State.ZOMBIE;
      if (!same && zombie) {
        if (isAnother(slot, directory)) {
          return Seen.REAPED;
        }
        slot.directoryInode = directoryInode;
      }
      long error = scan.reader.links().read(directory);
      if (error != 0) {
        // A main thread that has exited shows no links, whether others live or not.
        boolean shows = !zombie && !slot.leaderExited;
        return Errno.isGone(error) && shows ? Seen.OTHERWISE : Seen.SAME;
      }
      if (!slot.place.isAt(scan.reader.links().inodes())) {
        note(scan.reader.links().inodes());
        return Seen.OTHERWISE;
      }
      if (!same && scan.tells(slot) && isAnother(slot, directory)) {
        return Seen.OTHERWISE;
      }
      slot.directoryInode = directoryInode;
      slot.cpuNanos = Math.max(cpu, -1);
      return Seen.SAME;
    } finally {
      scan.proc.libc().close(directory);
    }
  }

  /// True if the start time shows that this directory belongs to another process than the slot.
  private boolean isAnother(Slot slot, int directory) {
    return scan.reader.stat(directory).filter(stat -> !slot.isAsOldAs(stat)).isPresent();
  }

  /// Who is in a namespace that is gone is in another, which has its inode now.
  private void suspectMembersOfGone() {
    boolean any = false;
    for (Known known : scan.table.all()) {
      any |= isGone(known);
    }
    for (int i = 0; any && i < scan.slots.size(); i++) {
      Slot slot = scan.slots.get(i);
      if (slot.task.state() == Task.State.LIVE && isSomewhereGone(slot)) {
        note(slot.place.inodes());
        suspect(slot.pid, slot.directoryInode, slot);
      }
    }
  }

  private boolean isGone(Known known) {
    return known != null
        && known.trusted
        && !known.namespace.initial()
        && known.hasMembers()
        && scan.probe.life(known.namespace) == NamespaceProbe.Life.GONE;
  }

  private boolean isSomewhereGone(Slot slot) {
    for (int link = 0; !slot.place.set.isInitial() && link < NamespaceLink.MEMBERSHIPS; link++) {
      if (isGone(slot.place.known[link])) {
        return true;
      }
    }
    return false;
  }

  private void note(long[] inodes) {
    for (long inode : inodes) {
      named.add(inode);
    }
  }

  /// Whether a process that is suspect was seen in the namespace with this inode.
  boolean isNamed(long inode) {
    return named.contains(inode);
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
      if (moving || isExplained(suspect, slot)) {
        continue;
      }
      if (scan.clock.now() - suspect.sinceNanos() < PATIENCE_NANOS) {
        rest.add(suspect);
      } else {
        pushes.hints().look(suspect.pid(), scan.clock.now(), Optional.empty());
      }
    }
    suspects = rest;
  }

  private boolean isExplained(Suspect suspect, Slot slot) {
    if (slot != null) {
      return see(slot, suspect.directoryInode()) == Seen.SAME && !isSomewhereGone(slot);
    }
    return pushes.exits().isUnreaped(suspect.pid())
        || links(suspect.pid()) != 0
        || (scan.settings.describe() != ScanSettings.Describe.ALL
            && scan.table.initialInodes().areAll(scan.reader.links().inodes()));
  }
}
