package dev.nsmon.procfs;

import dev.nsmon.namespace.NamespaceType;
import dev.nsmon.namespace.Task;
import dev.nsmon.procfs.Known.Place;
import dev.nsmon.procfs.Slot.ThreadSlot;
import dev.nsmon.push.KernelRecord;
import dev.nsmon.push.KernelRecord.Moved;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Finds out who has left a namespace although the record of it comes later in the batch.
///
/// `unshare(2)` and `setns(2)` first let go of the old namespaces, which frees the inode of one
/// that nobody else is in, and write their record when they are done (`kernel/fork.c`,
/// `ksys_unshare`). In between another CPU may give the inode away, and write the record of that.
/// Who exits is reported before it lets go.
final class Departures {
  private static final long USUAL_NANOS = 2_000_000;

  /// To free a mount namespace the kernel waits for all readers (RCU).
  private static final long MOUNT_NANOS = 500_000_000;

  private final Scan scan;

  Departures(Scan scan) {
    this.scan = scan;
  }

  /// Whether all tasks known to be in this namespace move away in the records right behind the one
  /// with this index.
  boolean areMoves(List<KernelRecord> batch, int index, Known known) {
    NamespaceType type = known.namespace.type();
    long pause = type == NamespaceType.MNT ? MOUNT_NANOS : USUAL_NANOS;
    long limit = batch.get(index).nanos() + pause;
    Set<Integer> departing = new HashSet<>(0);
    for (int i = index + 1; i < batch.size() && batch.get(i).nanos() <= limit; i++) {
      if (batch.get(i) instanceof Moved moved
          && moved.inodes().of(type) != known.namespace.inode()
          && isIn(moved, known)) {
        departing.add(moved.tid());
      }
    }
    return !departing.isEmpty() && departing.size() == members(known);
  }

  /// Whether all tasks known to be in it, which is gone by now, run on elsewhere: their records are
  /// yet to be written. One that is on its way out was in it to the end. A zombie that was there
  /// from the first has been reaped, which no record tells, or it would not be gone.
  boolean haveMoved(Known known) {
    int type = known.namespace.type().ordinal();
    int moved = 0;
    int reaped = 0;
    for (int i = 0; i < scan.slots.size(); i++) {
      Slot slot = scan.slots.get(i);
      if (slot.place.known[type] == known) {
        if (slot.task.state() == Task.State.ZOMBIE) {
          reaped++;
        } else if (isElsewhere(slot, type)) {
          moved++;
        } else {
          return false;
        }
      }
    }
    return moved + reaped > 0 && moved == members(known);
  }

  private boolean isElsewhere(Slot slot, int type) {
    int directory = scan.proc.openProcess(slot.pid);
    if (directory < 0) {
      return false;
    }
    boolean ended = scan.reader.stat(directory).filter(stat -> !stat.hasEnded()).isEmpty();
    boolean elsewhere =
        !ended
            && scan.reader.links().read(directory) == 0
            && scan.reader.links().inodes()[type] != slot.place.set.inode(type);
    scan.proc.libc().close(directory);
    return elsewhere;
  }

  private boolean isIn(Moved record, Known known) {
    Slot slot = scan.slots.find(record.pid());
    if (slot == null) {
      return false;
    }
    int type = known.namespace.type().ordinal();
    if (record.tid() == record.pid()) {
      return slot.place.known[type] == known;
    }
    ThreadSlot thread =
        ThreadReader.find(scan.settings.threads() ? slot.threads : slot.strays, record.tid());
    return thread != null && thread.place().known[type] == known;
  }

  private int members(Known known) {
    int type = known.namespace.type().ordinal();
    int members = 0;
    for (Place place : scan.places.all()) {
      members += place.known[type] == known ? place.rows() : 0;
    }
    return members;
  }
}
