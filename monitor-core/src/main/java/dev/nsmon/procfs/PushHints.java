package dev.nsmon.procfs;

import dev.nsmon.namespace.Cause;
import dev.nsmon.namespace.NamespaceLink;
import dev.nsmon.namespace.Task;
import dev.nsmon.procfs.Known.Place;
import dev.nsmon.push.KernelRecord.Executed;
import dev.nsmon.push.KernelRecord.Forked;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Looks at processes that a record or a comparison points to, each once in a batch.
final class PushHints {
  /// Above this it is cheaper to look at everything.
  private static final int MOST = 2000;

  private final Scan scan;
  private final PushSteps steps;
  private final PushExits exits;
  private final Set<Integer> seen = new HashSet<>();
  private boolean overflowed;

  PushHints(Scan scan, PushSteps steps, PushExits exits) {
    this.scan = scan;
    this.steps = steps;
    this.exits = exits;
  }

  /// A batch begins.
  void begin() {
    seen.clear();
  }

  /// Whether there were too many to look at, since this was asked last.
  boolean takeOverflow() {
    boolean taken = overflowed;
    overflowed = false;
    return taken;
  }

  /// A task has begun, who knows where.
  void forked(Forked record) {
    Slot old = scan.slots.find(record.pid());
    if (record.tid() != record.pid()) {
      if (old != null) {
        old.threadsMade++;
      }
      return;
    }
    if (old != null && record.nanos() > old.seenNanos && isAnother(old)) {
      exits.end(old, record.nanos());
    }
    exits.reused(record.pid());
    if (isDue(record.pid())) {
      Slot parent = scan.slots.find(record.parent());
      look(record.pid(), record.nanos(), Optional.of(parent == null ? initial() : parent.place));
    }
  }

  private boolean isAnother(Slot slot) {
    return exits.hasEnded(slot) || slot.startTicks < 0;
  }

  private Place initial() {
    return scan.places.initial();
  }

  /// A process runs another program, which many do after they have called unshare or setns.
  void executed(Executed record) {
    if (isDue(record.pid())) {
      look(record.pid(), record.nanos(), Optional.empty());
    }
  }

  private boolean isDue(int pid) {
    if (seen.size() >= MOST) {
      overflowed = true;
      return false;
    }
    return seen.add(pid);
  }

  /// Looks at one process.
  ///
  /// @param nanos when something happened to it
  /// @param parent where the process is that has just forked it
  void look(int pid, long nanos, Optional<Place> parent) {
    Slot known = scan.slots.find(pid);
    Slot slot = known != null ? known : new Slot(pid);
    Task before = slot.task;
    List<Task> rowsBefore = known == null ? List.of() : slot.rows();
    Instant seenBefore = scan.clock.wall(known == null ? nanos : slot.seenNanos);
    Place placeBefore = slot.place;
    if (!scan.processes.readNow(slot)) {
      if (known != null) {
        exits.end(slot, nanos);
      }
      return;
    }
    boolean news = scan.tells(slot);
    if (known == null && !news) {
      slot.uncount();
      return;
    }
    if (known == null) {
      scan.slots.insert(slot);
    }
    if (slot.task != before && placeBefore != slot.place) {
      scan.endings.left(placeBefore, scan.clock.now());
    }
    steps.holdForChildren(slot);
    boolean began = parent.filter(place -> isChildOf(slot.place, place)).isPresent();
    steps.add(
        began ? Optional.empty() : Optional.of(seenBefore),
        began ? scan.clock.wall(nanos) : scan.clock.wallNow(),
        rowsBefore,
        slot.rows(),
        began ? Optional.of(Cause.FORK) : Optional.empty());
  }

  /// Whether a process here is where a child of one there begins, if it is made no new ones.
  private static boolean isChildOf(Place child, Place parent) {
    for (int link = 0; link < NamespaceLink.MEMBERSHIPS; link++) {
      int from =
          link == NamespaceLink.PID.ordinal()
              ? NamespaceLink.PID_FOR_CHILDREN.ordinal()
              : link == NamespaceLink.TIME.ordinal()
                  ? NamespaceLink.TIME_FOR_CHILDREN.ordinal()
                  : link;
      if (child.known[link] != parent.known[from]) {
        return false;
      }
    }
    return true;
  }
}
