package dev.nsmon.procfs;

import dev.nsmon.libc.Errno;
import dev.nsmon.namespace.NamespaceLink;
import dev.nsmon.namespace.ProcessInfo;
import dev.nsmon.namespace.Task;
import dev.nsmon.procfs.Known.Place;
import dev.nsmon.procfs.Slot.ThreadSlot;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Brings the row of one process up to date, reading as little as will do.
final class ProcessReader {
  private final ScanSettings settings;
  private final ProcFs proc;
  private final NamespaceTable table;
  private final TaskReader reader;
  private final NamespaceLinks links;

  private int look;
  private long previousTicks;
  private long instances;
  private int denied;
  private int zombies;
  private int vanished;
  private int read;
  private boolean readAll;

  ProcessReader(ScanSettings settings, ProcFs proc, NamespaceTable table, TaskReader reader) {
    this.settings = settings;
    this.proc = proc;
    this.table = table;
    this.reader = reader;
    this.links = reader.links;
  }

  /// A look begins.
  ///
  /// @param previousTicks when the one before listed the processes, in ticks since boot
  /// @param readAll whether to read those too that have not run
  void begin(int look, long previousTicks, boolean readAll) {
    this.look = look;
    this.previousTicks = previousTicks;
    this.readAll = readAll;
    denied = 0;
    zombies = 0;
    vanished = 0;
    read = 0;
  }

  int denied() {
    return denied;
  }

  int zombies() {
    return zombies;
  }

  int vanished() {
    return vanished;
  }

  int read() {
    return read;
  }

  /// Reads what may have changed; false if the process is gone.
  boolean update(Slot slot, long directoryInode) {
    long cpu = settings.skipIdle() ? proc.cpuNanos(slot.pid) : -1;
    boolean same = slot.task != null && slot.directoryInode == directoryInode;
    boolean idle = same && cpu >= 0 && cpu == slot.cpuNanos && !slot.fresh && !readAll;
    if (!idle) {
      slot.cpuNanos = Math.max(cpu, -1);
      int directory = proc.openProcess(slot.pid);
      if (directory < 0) {
        vanished += slot.task == null ? 1 : 0;
        return false;
      }
      try {
        read++;
        if (!read(slot, directory, same, false)) {
          vanished += slot.task == null ? 1 : 0;
          return false;
        }
      } finally {
        proc.libc.close(directory);
      }
      slot.directoryInode = directoryInode;
    }
    count(slot, idle);
    return true;
  }

  private void count(Slot slot, boolean idle) {
    switch (slot.task.state()) {
      case LIVE -> {
        if (idle) {
          slot.place.proven = look;
        } else {
          slot.place.assumed = look;
        }
      }
      case ZOMBIE -> zombies++;
      case DENIED -> {
        denied++;
        slot.place.assumed = look;
      }
    }
    for (ThreadSlot thread : slot.threads) {
      thread.place().assumed = look;
    }
  }

  /// Reads a process again, asking each of its namespaces for its id; false if it is gone.
  boolean readExactly(Slot slot) {
    int directory = proc.openProcess(slot.pid);
    if (directory < 0) {
      return false;
    }
    try {
      if (!read(slot, directory, true, true)) {
        return false;
      }
    } finally {
      proc.libc.close(directory);
    }
    if (slot.task.state() == Task.State.LIVE) {
      for (Known known : slot.place.known) {
        if (known != null && !known.gone) {
          known.vouch(look);
        }
      }
    }
    return true;
  }

  private boolean read(Slot slot, int directory, boolean same, boolean exact) {
    long error = links.read(directory);
    if (Errno.isDenied(error)) {
      return becomes(slot, directory, same, Task.State.DENIED, null);
    }
    if (error != 0) {
      Optional<Stat> stat = reader.stat(directory);
      if (stat.isEmpty()) {
        return false;
      }
      boolean leaderOnly = stat.get().isZombie() && stat.get().threads() > 1;
      if (!leaderOnly || !reader.readLiveThread(directory, slot.pid)) {
        // Between the end of its namespaces and its death it is no zombie yet, and no more alive.
        return becomes(slot, directory, same, Task.State.ZOMBIE, stat.get());
      }
    }
    return becomes(slot, directory, same, Task.State.LIVE, null, exact);
  }

  private boolean becomes(Slot slot, int directory, boolean same, Task.State state, Stat stat) {
    return becomes(slot, directory, same, state, stat, false);
  }

  private boolean becomes(
      Slot slot, int directory, boolean same, Task.State state, Stat stat, boolean exact) {
    Place place = slot.place;
    boolean known = slot.task != null;
    if (state == Task.State.LIVE) {
      if (!known || exact || !place.isAt(links.inodes)) {
        place = table.place(links.inodes, directory, links, exact);
      }
    } else if (!known) {
      place = table.place(links.inodes, directory, links, false);
    }
    Identity identity = identify(slot, directory, same, place, stat);
    if (identity == null) {
      return false;
    }
    if (!identity.same && known) {
      // Another process has the pid now: what the old one was in says nothing of it.
      drop(slot);
      slot.held = List.of();
      slot.searchedCpuNanos = -1;
      slot.threads = List.of();
      if (state != Task.State.LIVE) {
        place = table.place(links.inodes, directory, links, false);
      }
    }
    Task task = slot.task;
    if (task == null
        || !identity.same
        || task.state() != state
        || task.namespaces() != place.set
        || !task.info().equals(identity.info)) {
      if (known && identity.same && place != slot.place) {
        leave(slot.task, slot.place);
      }
      slot.task =
          new Task(
              slot.pid,
              0,
              identity.same && known ? task.instance() : ++instances,
              state,
              place.set,
              identity.info);
      slot.place = place;
    }
    if (settings.threads() && state == Task.State.LIVE) {
      readThreads(slot, directory);
    }
    return true;
  }

  /// @param same whether it is the process that the slot already has
  private record Identity(boolean same, ProcessInfo info) {}

  /// Who this is; null if it has gone. Reads nothing of a process that has the directory inode it
  /// had and is no news.
  private Identity identify(Slot slot, int directory, boolean same, Place place, Stat stat) {
    boolean news = settings.describeAll() || !place.set.isInitial();
    ProcessInfo info = slot.task == null ? ProcessInfo.UNKNOWN : slot.task.info();
    boolean described = info.startTicks() >= 0;
    boolean refresh = news && (!described || slot.fresh || readAll);
    boolean moved = slot.task != null && slot.place != place;
    if (same && !refresh && !(moved && !described)) {
      slot.fresh = false;
      return new Identity(true, info);
    }
    if (!news && slot.task == null && stat == null) {
      return new Identity(false, ProcessInfo.UNKNOWN);
    }
    Stat read = stat != null ? stat : reader.stat(directory).orElse(null);
    if (read == null) {
      return null;
    }
    // A process whose start was never read is the one of the last look if it is as old.
    boolean stillSame =
        slot.task != null
            && (same
                || (slot.startTicks >= 0
                    ? slot.startTicks == read.startTicks()
                    : read.startTicks() <= previousTicks));
    slot.startTicks = read.startTicks();
    slot.fresh = news && !stillSame;
    boolean tell = news || moved;
    return new Identity(
        stillSame, tell ? reader.info(directory, read) : stillSame ? info : ProcessInfo.UNKNOWN);
  }

  private void readThreads(Slot slot, int directory) {
    if (slot.threads.isEmpty() && !reader.hasThreads(directory)) {
      return;
    }
    List<ThreadSlot> rows = new ArrayList<>(0);
    reader.forEachThread(
        directory,
        slot.pid,
        (tid, thread) -> {
          ThreadSlot before = find(slot.threads, tid);
          long error = links.read(thread);
          if (error != 0) {
            return;
          }
          if (before == null && slot.place.isAt(links.inodes)) {
            return;
          }
          Place place =
              before != null && before.place().isAt(links.inodes)
                  ? before.place()
                  : table.place(links.inodes, thread, links, false);
          rows.add(row(slot, tid, thread, before, place));
        });
    if (!rows.equals(slot.threads)) {
      for (ThreadSlot gone : slot.threads) {
        if (find(rows, gone.task().tid()) == null) {
          leave(gone.task(), gone.place());
        }
      }
      slot.threads = rows.isEmpty() ? List.of() : rows;
    }
  }

  private ThreadSlot row(Slot slot, int tid, int thread, ThreadSlot before, Place place) {
    if (before != null && before.place() == place) {
      return before;
    }
    ProcessInfo info =
        reader.stat(thread).map(stat -> reader.info(thread, stat)).orElse(ProcessInfo.UNKNOWN);
    boolean same = before != null && before.task().info().startTicks() == info.startTicks();
    return new ThreadSlot(
        new Task(
            slot.pid,
            tid,
            same ? before.task().instance() : ++instances,
            Task.State.LIVE,
            place.set,
            info),
        place);
  }

  private static ThreadSlot find(List<ThreadSlot> threads, int tid) {
    for (ThreadSlot thread : threads) {
      if (thread.task().tid() == tid) {
        return thread;
      }
    }
    return null;
  }

  /// The process is gone: remembers it as the last that was seen where it was.
  void drop(Slot slot) {
    leave(slot.task, slot.place);
    for (ThreadSlot thread : slot.threads) {
      leave(thread.task(), thread.place());
    }
  }

  private static void leave(Task task, Place place) {
    for (int link = 0; link < NamespaceLink.MEMBERSHIPS; link++) {
      if (place.known[link] != null) {
        place.known[link].lastMember = task;
      }
    }
  }
}
