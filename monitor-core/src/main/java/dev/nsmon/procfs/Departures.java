package dev.nsmon.procfs;

import dev.nsmon.namespace.NamespaceType;
import dev.nsmon.procfs.Known.Place;
import dev.nsmon.procfs.Slot.ThreadSlot;
import dev.nsmon.push.KernelRecord;
import dev.nsmon.push.KernelRecord.Exited;
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
    long pause = known.namespace.type() == NamespaceType.MNT ? MOUNT_NANOS : USUAL_NANOS;
    return depart(batch, index, known, batch.get(index).nanos() + pause, false);
  }

  /// Whether all tasks known to be in it move away or exit in the rest of the batch.
  boolean areAll(List<KernelRecord> batch, int index, Known known) {
    return depart(batch, index, known, Long.MAX_VALUE, true);
  }

  private boolean depart(
      List<KernelRecord> batch, int index, Known known, long limit, boolean exits) {
    NamespaceType type = known.namespace.type();
    Set<Integer> departing = new HashSet<>(0);
    for (int i = index + 1; i < batch.size() && batch.get(i).nanos() <= limit; i++) {
      KernelRecord next = batch.get(i);
      boolean leaves =
          next instanceof Moved moved
              ? moved.inodes().of(type) != known.namespace.inode()
              : exits && next instanceof Exited;
      if (leaves && isIn(next, known)) {
        departing.add(next.tid());
      }
    }
    return !departing.isEmpty() && departing.size() == members(known);
  }

  private boolean isIn(KernelRecord record, Known known) {
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
    for (Place place : scan.table.places()) {
      members += place.known[type] == known ? place.rows() : 0;
    }
    return members;
  }
}
