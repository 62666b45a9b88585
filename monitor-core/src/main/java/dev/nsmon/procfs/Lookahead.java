package dev.nsmon.procfs;

import dev.nsmon.namespace.NamespaceType;
import dev.nsmon.push.Inodes;
import dev.nsmon.push.KernelRecord;
import dev.nsmon.push.KernelRecord.Executed;
import dev.nsmon.push.KernelRecord.Exited;
import dev.nsmon.push.KernelRecord.Forked;
import dev.nsmon.push.KernelRecord.Moved;
import java.util.ArrayList;
import java.util.List;

/// What the rest of a batch says of a task. `/proc` shows how things are after the batch, which is
/// how a record left them only if nothing has happened to the task since.
final class Lookahead {
  /// How far to look. What is further away is taken to have changed, which costs an id at worst.
  private static final int RANGE = 1024;

  private final List<KernelRecord> batch;

  Lookahead(List<KernelRecord> batch) {
    this.batch = batch;
  }

  /// Whether the thread of the record with this index is still where that record put it.
  boolean stays(int index) {
    return isLast(index, true);
  }

  /// Whether the thread of the record with this index still runs.
  boolean survives(int index) {
    return isLast(index, false);
  }

  private boolean isLast(int index, boolean move) {
    KernelRecord record = batch.get(index);
    int end = Math.min(batch.size(), index + 1 + RANGE);
    for (int i = index + 1; i < end; i++) {
      KernelRecord next = batch.get(i);
      if (next.tid() == record.tid() && next.pid() == record.pid()) {
        switch (next) {
          case Exited _, Forked _ -> {
            return false;
          }
          case Moved _ -> {
            if (move) {
              return false;
            }
          }
          case Executed _ -> {}
        }
      }
    }
    return end == batch.size();
  }

  /// A record of a thread that is now in the namespace into which the record with this index has
  /// put its own, without a moment in between in which none was known to be there; null if there is
  /// none.
  KernelRecord member(int index, NamespaceType type, long inode) {
    List<KernelRecord> members = new ArrayList<>(2);
    members.add(batch.get(index));
    int end = Math.min(batch.size(), index + 1 + RANGE);
    for (int i = index + 1; i < end && !members.isEmpty(); i++) {
      KernelRecord next = batch.get(i);
      Inodes inodes =
          switch (next) {
            case Forked forked -> forked.inodes();
            case Moved moved -> moved.inodes();
            case Exited _, Executed _ -> Inodes.NONE;
          };
      if (inodes.of(type) == inode) {
        members.removeIf(member -> member.tid() == next.tid());
        members.add(next);
      } else if (inodes.of(type) != 0 || next instanceof Exited) {
        members.removeIf(member -> member.tid() == next.tid());
      }
    }
    return members.isEmpty() || end < batch.size() ? null : members.getFirst();
  }
}
