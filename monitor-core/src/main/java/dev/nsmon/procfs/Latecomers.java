package dev.nsmon.procfs;

import dev.nsmon.container.Container;
import dev.nsmon.namespace.HostClock;
import dev.nsmon.namespace.ProcessInfo;
import dev.nsmon.namespace.Task;
import dev.nsmon.proc.ProcFs;
import dev.nsmon.proc.Stat;
import dev.nsmon.proc.TaskReader;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/// Processes whose control group is to be read again: a runtime makes a container's namespaces
/// first, or joins them, and moves the process into its group after. What the group turns out to be
/// is in the process's row from then on; it is no event.
///
/// Those of steady life cost nothing: a child that begins where its parent is has its parent's
/// group, and is looked at again only if the parent is about to be. There is an upper bound to how
/// many wait; who finds no room keeps the group that was read first.
final class Latecomers {
  private static final long FIRST_NANOS = 100_000_000;
  private static final long SECOND_NANOS = 1_000_000_000;
  private static final int MOST = 256;

  private final Slots slots;
  private final ProcFs proc;
  private final TaskReader reader;
  private final HostClock clock;

  /// In the order of their times, as all wait as long.
  private final Deque<Waiting> first = new ArrayDeque<>();

  private final Deque<Waiting> second = new ArrayDeque<>();

  private record Waiting(Slot slot, long dueNanos) {}

  Latecomers(Slots slots, ProcFs proc, TaskReader reader, HostClock clock) {
    this.slots = slots;
    this.proc = proc;
    this.reader = reader;
    this.clock = clock;
  }

  /// A process has begun, or was seen for the first time.
  void began(Slot slot) {
    Slot parent = slots.find(slot.task.info().ppid());
    boolean steady =
        parent != null && parent != slot && parent.place == slot.place && !parent.isLate;
    if (!steady && container(slot).isEmpty()) {
      moved(slot);
    }
  }

  /// A process has moved. It may be in another container's group soon; if it waits already, it is
  /// waited for once more after.
  void moved(Slot slot) {
    slot.movesOn = slot.isLate;
    if (!slot.place.set.isInitial() && !slot.isLate && size() < MOST) {
      slot.isLate = true;
      first.add(new Waiting(slot, clock.nanoTime() + FIRST_NANOS));
    }
  }

  private static String container(Slot slot) {
    return Container.ofCgroup(slot.task.info().cgroup()).id();
  }

  /// How many are waited for.
  int size() {
    return first.size() + second.size();
  }

  /// When somebody is to be looked at again, by [HostClock#nanoTime()]; [Long#MAX_VALUE] if never.
  long dueNanos() {
    return Math.min(dueNanos(first), dueNanos(second));
  }

  private static long dueNanos(Deque<Waiting> queue) {
    return queue.isEmpty() ? Long.MAX_VALUE : queue.peek().dueNanos();
  }

  /// Looks again at those whose time has come.
  ///
  /// @return the processes that have turned out to be in another group
  List<Slot> settle(long now) {
    List<Slot> changed = new ArrayList<>(0);
    while (dueNanos(first) <= now) {
      Slot slot = first.remove().slot();
      if (isThere(slot)) {
        readAgain(slot, changed);
        slot.movesOn = false;
        second.add(new Waiting(slot, now + SECOND_NANOS - FIRST_NANOS));
      } else {
        slot.isLate = false;
      }
    }
    while (dueNanos(second) <= now) {
      Slot slot = second.remove().slot();
      slot.isLate = false;
      if (isThere(slot)) {
        readAgain(slot, changed);
        if (slot.movesOn) {
          slot.isLate = true;
          first.add(new Waiting(slot, now + FIRST_NANOS));
        }
      }
    }
    return changed;
  }

  private boolean isThere(Slot slot) {
    return slots.find(slot.pid) == slot && slot.task.state() == Task.State.LIVE;
  }

  private void readAgain(Slot slot, List<Slot> changed) {
    Task task = slot.task;
    ProcessInfo info = task.info();
    String now = cgroup(slot).orElse(info.cgroup());
    if (!now.equals(info.cgroup())) {
      slot.task = task.with(info.withCgroup(now));
      changed.add(slot);
    }
  }

  /// Empty if it can't be read, or the pid is another's by now.
  private Optional<String> cgroup(Slot slot) {
    int directory = proc.openProcess(slot.pid);
    if (directory < 0) {
      return Optional.empty();
    }
    try {
      Optional<Stat> stat = reader.stat(directory).filter(slot::isAsOldAs);
      return stat.map(_ -> reader.cgroup(directory)).filter(path -> !path.isEmpty());
    } finally {
      proc.libc().close(directory);
    }
  }
}
