package dev.nsmon.procfs;

import dev.nsmon.libc.Errno;
import dev.nsmon.namespace.NamespaceLink;
import dev.nsmon.namespace.Task;
import dev.nsmon.proc.DirectoryList;
import dev.nsmon.proc.Stat;
import dev.nsmon.procfs.Known.Place;
import dev.nsmon.push.KernelRecord.Exited;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The ends of processes. A process has ended when all its threads have; the kernel reports each
/// thread by itself, and its main thread may be the first to go.
final class PushExits {
  private static final long AGAIN_NANOS = 20_000_000;
  private static final int TRIES = 5;

  /// In place of the time of an exit that was not reported.
  private static final long UNREPORTED = -1;

  private final Scan scan;
  private final PushSteps steps;

  /// Those whose end could not be seen yet.
  private final List<Doubtful> doubtful = new ArrayList<>();

  /// Processes that have ended and may not have been reaped, by pid.
  private final Map<Integer, Ended> unreaped = new HashMap<>();

  PushExits(Scan scan, PushSteps steps) {
    this.scan = scan;
    this.steps = steps;
  }

  /// @param ticks of its exit
  /// @param place where it was
  private record Ended(long ticks, Place place) {}

  private record Doubtful(Slot slot, long exitNanos, int tries, long dueNanos) {}

  /// A main thread has exited.
  void exited(Exited record) {
    Slot slot = scan.slots.find(record.pid());
    if (slot == null) {
      return;
    }
    boolean single = slot.countsThreads && slot.threadsMade == 0;
    if (single && record.nanos() > slot.seenNanos) {
      end(slot, record.nanos());
    } else {
      check(slot, record.nanos(), 0);
    }
  }

  /// Another thread of a process has exited.
  void threadExited(Slot slot, long nanos) {
    if (slot.leaderExited) {
      check(slot, nanos, 0);
    }
  }

  private void check(Slot slot, long nanos, int tries) {
    if (hasEnded(slot)) {
      if (nanos == UNREPORTED) {
        endFound(slot);
      } else {
        end(slot, nanos);
      }
    } else {
      slot.leaderExited = true;
      if (tries < TRIES) {
        doubtful.add(
            new Doubtful(slot, nanos, tries + 1, scan.clock.now() + (AGAIN_NANOS << tries)));
      }
    }
  }

  /// Whether the process that has this slot is there no more. One that can't be opened, for want of
  /// descriptors or memory, is not known to have ended.
  boolean hasEnded(Slot slot) {
    int directory = scan.proc.openProcess(slot.pid);
    if (directory < 0) {
      return Errno.isGone(directory);
    }
    try {
      Optional<Stat> stat = scan.reader.stat(directory);
      return stat.isEmpty()
          ? scan.reader.hasGone()
          : stat.get().hasEnded() || !slot.isAsOldAs(stat.get());
    } finally {
      scan.proc.libc().close(directory);
    }
  }

  /// Asks after those who were on their way out when they were first looked at: a task reports its
  /// exit before it lets go of its memory, files and namespaces, which may take long (`do_exit`
  /// since Linux 6.16), and the report may be older than the source.
  void askExiting() {
    List<Slot> exiting =
        scan.slots.stream()
            .filter(slot -> slot.exitsUnseen && slot.task.state() == Task.State.LIVE)
            .toList();
    for (Slot slot : exiting) {
      slot.exitsUnseen = false;
      check(slot, UNREPORTED, 0);
    }
  }

  /// Looks again at those whose end could not be seen.
  void settle() {
    int size = doubtful.size();
    int kept = 0;
    for (int i = 0; i < size; i++) {
      Doubtful one = doubtful.get(i);
      if (scan.slots.find(one.slot().pid) != one.slot()) {
        continue;
      }
      if (one.dueNanos() > scan.clock.now()) {
        doubtful.set(kept++, one);
      } else {
        check(one.slot(), one.exitNanos(), one.tries());
      }
    }
    doubtful.subList(kept, size).clear();
  }

  /// When [#settle] has something to do next; [Long#MAX_VALUE] if never.
  long dueNanos() {
    long due = Long.MAX_VALUE;
    for (Doubtful one : doubtful) {
      due = Math.min(due, one.dueNanos());
    }
    return due;
  }

  /// A process has ended, at this time.
  void end(Slot slot, long nanos) {
    unreaped.put(slot.pid, new Ended(scan.clock.ticks(nanos), slot.place));
    steps.end(slot, Optional.empty(), scan.clock.wall(nanos));
  }

  /// A process has ended since the last look, as was found by asking.
  void endFound(Slot slot) {
    unreaped.put(slot.pid, new Ended(scan.clock.ticks(scan.clock.now()), slot.place));
    steps.end(slot, Optional.of(scan.time), scan.clock.wallNow());
  }

  /// Another process has the pid now.
  void reused(int pid) {
    unreaped.remove(pid);
  }

  /// Whether this is a process whose end was told, and which is on its way out or waits for its
  /// parent: a task is reported to exit before it leaves its namespaces, and may be held up there.
  boolean isUnreaped(int pid) {
    Ended ended = unreaped.get(pid);
    if (ended == null) {
      return false;
    }
    int directory = scan.proc.openProcess(pid);
    if (directory >= 0) {
      Optional<Stat> stat = scan.reader.stat(directory);
      scan.proc.libc().close(directory);
      if (stat.filter(read -> read.startTicks() <= ended.ticks() && read.isExiting()).isPresent()) {
        return true;
      }
    }
    unreaped.remove(pid);
    return false;
  }

  /// What those keep that were still listed by the last scan or comparison: a zombie is in its pid
  /// and its user namespace until it is reaped, and in all of them before it is a zombie.
  Set<Known> keptByUnreaped() {
    Set<Known> kept = new HashSet<>();
    unreaped.forEach(
        (pid, ended) -> {
          if (isZombie(pid)) {
            kept.add(ended.place().known[NamespaceLink.PID.ordinal()]);
            kept.add(ended.place().known[NamespaceLink.USER.ordinal()]);
          } else {
            kept.addAll(Arrays.asList(ended.place().known));
          }
        });
    return kept;
  }

  private boolean isZombie(int pid) {
    int directory = scan.proc.openProcess(pid);
    if (directory < 0) {
      return Errno.isGone(directory);
    }
    boolean zombie = scan.reader.stat(directory).filter(stat -> !stat.isZombie()).isEmpty();
    scan.proc.libc().close(directory);
    return zombie;
  }

  /// Forgets those that are not listed any more.
  void forgetReaped(DirectoryList pids) {
    if (!unreaped.isEmpty()) {
      Set<Integer> listed = new HashSet<>();
      for (int i = 0; i < pids.size(); i++) {
        listed.add(pids.number(i));
      }
      unreaped.keySet().retainAll(listed);
    }
  }
}
