package dev.nsmon.procfs;

import dev.nsmon.libc.Errno;
import dev.nsmon.namespace.HostClock;
import dev.nsmon.namespace.NamespaceLink;
import dev.nsmon.namespace.ProcessInfo;
import dev.nsmon.namespace.Task;
import dev.nsmon.proc.NamespaceLinks;
import dev.nsmon.proc.ProcFs;
import dev.nsmon.proc.Stat;
import dev.nsmon.proc.TaskReader;
import dev.nsmon.procfs.Identifier.Identity;
import dev.nsmon.procfs.Known.Place;
import dev.nsmon.procfs.Slot.ThreadSlot;
import java.util.List;
import java.util.Optional;

/// Brings the row of one process up to date, reading as little as will do.
final class ProcessReader {
  private final ScanSettings settings;
  private final ProcFs proc;
  private final Places places;
  private final TaskReader reader;
  private final NamespaceLinks links;
  private final ThreadReader threads;
  private final Identifier identifier;
  private final Latecomers latecomers;
  private final Vouching vouching;
  private final HostClock clock;

  private int look;
  private long instances;
  private int vanished;
  private int read;
  private boolean readAll;

  ProcessReader(
      ScanSettings settings,
      ProcFs proc,
      Places places,
      TaskReader reader,
      Latecomers latecomers,
      Vouching vouching,
      HostClock clock) {
    this.settings = settings;
    this.proc = proc;
    this.places = places;
    this.reader = reader;
    this.links = reader.links();
    this.identifier = new Identifier(settings, reader);
    this.latecomers = latecomers;
    this.vouching = vouching;
    this.clock = clock;
    this.threads = new ThreadReader(places, reader, () -> ++instances);
  }

  /// A look begins.
  ///
  /// @param previousTicks when the one before listed the processes, in ticks since boot
  /// @param readAll whether to read those too that have not run
  void begin(int look, long previousTicks, boolean readAll) {
    this.look = look;
    identifier.begin(previousTicks, readAll);
    vouching.begin(look);
    this.readAll = readAll;
    vanished = 0;
    read = 0;
  }

  int vanished() {
    return vanished;
  }

  int read() {
    return read;
  }

  /// A number for a task that is seen for the first time.
  long newInstance() {
    return ++instances;
  }

  /// Reads what there is to read now, asking each namespace for its id; false if the process is
  /// gone.
  boolean readNow(Slot slot) {
    boolean alive = readOpened(slot, false, true);
    if (alive) {
      slot.recount();
    }
    return alive;
  }

  /// Reads what may have changed; false if the process is gone.
  boolean update(Slot slot, long directoryInode) {
    long cpu = settings.skipIdle() ? proc.cpuNanos(slot.pid) : -1;
    boolean same = slot.task != null && slot.directoryInode == directoryInode;
    boolean idle = same && cpu >= 0 && cpu == slot.cpuNanos && !slot.fresh && !readAll;
    if (!idle) {
      slot.cpuNanos = Math.max(cpu, -1);
      read++;
      if (!readOpened(slot, same, false)) {
        vanished += slot.task == null ? 1 : 0;
        return false;
      }
      slot.directoryInode = directoryInode;
      slot.recount();
    }
    vouching.seen(slot, idle);
    return true;
  }

  /// Reads a process again, asking each of its namespaces for its id; false if it is gone.
  boolean readExactly(Slot slot) {
    if (!readOpened(slot, true, true)) {
      return false;
    }
    slot.recount();
    if (slot.task.state() == Task.State.LIVE) {
      vouching.asked(slot);
    }
    return true;
  }

  private boolean readOpened(Slot slot, boolean same, boolean exact) {
    slot.seenNanos = clock.nanoTime();
    int directory = proc.openProcess(slot.pid);
    if (Errno.isGone(directory)) {
      return false;
    }
    if (directory < 0) {
      // Out of descriptors or memory, say: whatever it is, it does not tell that a process has
      // ended.
      Task before = slot.task;
      slot.cpuNanos = -1;
      slot.task =
          before == null
              ? new Task(
                  slot.pid, 0, ++instances, Task.State.DENIED, slot.place.set, ProcessInfo.UNKNOWN)
              : withState(before, Task.State.DENIED);
      return true;
    }
    try {
      return read(slot, directory, same, exact);
    } finally {
      proc.libc().close(directory);
    }
  }

  private static Task withState(Task task, Task.State state) {
    return task.state() == state
        ? task
        : new Task(task.pid(), task.tid(), task.instance(), state, task.namespaces(), task.info());
  }

  private boolean read(Slot slot, int directory, boolean same, boolean exact) {
    long error = links.read(directory);
    if (error == 0) {
      if (same && !exact && isUnchanged(slot)) {
        return true;
      }
      return becomes(
          slot, directory, same, Task.State.LIVE, live(slot, directory, exact), null, exact);
    }
    if (!Errno.isGone(error)) {
      return becomes(slot, directory, same, Task.State.DENIED, Slot.NOWHERE, null, exact);
    }
    Optional<Stat> stat = reader.stat(directory);
    if (stat.isEmpty()) {
      return !reader.hasGone()
          && becomes(slot, directory, same, Task.State.DENIED, Slot.NOWHERE, null, exact);
    }
    if (stat.get().isZombie() && stat.get().threads() > 1) {
      Optional<Place> place =
          reader.readLiveThread(directory, slot.pid, thread -> live(slot, thread, exact));
      if (place.isPresent()) {
        return becomes(slot, directory, same, Task.State.LIVE, place.get(), null, exact);
      }
      links.read(directory);
    }
    // Between the end of its namespaces and its death it is no zombie yet, and no more alive.
    Place left = places.find(links.inodes(), directory, links, false);
    return becomes(slot, directory, same, Task.State.ZOMBIE, left, stat.get(), exact);
  }

  /// Whether the links just read say what is known, and there is nothing else to be read.
  private boolean isUnchanged(Slot slot) {
    return slot.task.state() == Task.State.LIVE
        && !slot.fresh
        && !readAll
        && !settings.threads()
        && slot.place.isAt(links.inodes());
  }

  /// Where a live task is whose links have just been read.
  private Place live(Slot slot, int directory, boolean exact) {
    boolean stays = slot.task != null && !exact && slot.place.isAt(links.inodes());
    return stays ? slot.place : places.find(links.inodes(), directory, links, exact);
  }

  /// Puts what was read into the slot; false if the process is gone after all.
  ///
  /// @param read where it is, as far as it can be read now; of a process that is no more alive or
  ///   is refused, what was known before stands
  private boolean becomes(
      Slot slot,
      int directory,
      boolean same,
      Task.State state,
      Place read,
      Stat stat,
      boolean exact) {
    boolean known = slot.task != null;
    Place place = state == Task.State.LIVE || !known ? read : slot.place;
    Identity identity = identifier.identify(slot, directory, same, place, stat);
    if (identity == null) {
      return false;
    }
    if (!identity.same() && known) {
      // Another process has the pid now: what the old one was in says nothing of it.
      drop(slot);
      slot.held = List.of();
      slot.searchedCpuNanos = -1;
      slot.threads = List.of();
      place = read;
    }
    Task task = slot.task;
    if (task == null
        || !identity.same()
        || task.state() != state
        || task.namespaces() != place.set
        || !task.info().equals(identity.info())) {
      boolean stays = known && identity.same();
      boolean moved = stays && place != slot.place;
      if (stays && (moved || state == Task.State.ZOMBIE)) {
        leave(slot, slot.task, slot.place);
      }
      slot.task =
          new Task(
              slot.pid,
              0,
              stays ? task.instance() : ++instances,
              state,
              place.set,
              identity.info());
      slot.placed = place == slot.place ? slot.placed : look;
      slot.place = place;
      if (state == Task.State.LIVE) {
        expect(slot, stays, moved);
      }
    }
    if (state == Task.State.LIVE && !place.isAt(links.inodes())) {
      // A namespace could not be asked who it is: not now, but perhaps the next time.
      slot.cpuNanos = -1;
    }
    if (settings.threads() && state != Task.State.DENIED) {
      readThreads(slot, directory, exact);
    }
    return true;
  }

  /// What was there before the first look has the group that it has.
  private void expect(Slot slot, boolean stays, boolean moved) {
    if (moved) {
      slot.hasEntered = true;
      latecomers.moved(slot);
    } else if (!stays && look > 1) {
      latecomers.began(slot);
    }
  }

  private void readThreads(Slot slot, int directory, boolean exact) {
    List<ThreadSlot> rows = threads.read(slot, directory, exact);
    if (rows == slot.threads) {
      return;
    }
    for (ThreadSlot gone : slot.threads) {
      ThreadSlot now = ThreadReader.find(rows, gone.task().tid());
      if (now == null || now.place() != gone.place()) {
        leave(slot, gone.task(), gone.place());
      }
    }
    slot.threads = rows;
  }

  /// The process is gone: remembers it as the last that was seen where it was.
  void drop(Slot slot) {
    leave(slot, slot.task, slot.place);
    for (ThreadSlot thread : slot.threads) {
      leave(slot, thread.task(), thread.place());
    }
    slot.uncount();
  }

  /// Remembers the task as the last seen in these namespaces. Where it was put in this very look
  /// into one that is gone, it was taken for another with the same inode, and that was never told.
  void leave(Slot slot, Task task, Place place) {
    for (int link = 0; link < NamespaceLink.MEMBERSHIPS; link++) {
      Known known = place.known[link];
      if (known != null && !(known.gone && slot.placed == look)) {
        known.lastMember = task;
      }
    }
  }
}
