package dev.nsmon.procfs;

import dev.nsmon.libc.ErrnoException;
import dev.nsmon.namespace.Ended;
import dev.nsmon.namespace.Holder;
import dev.nsmon.namespace.LookReport;
import dev.nsmon.namespace.NamespaceType;
import dev.nsmon.namespace.Snapshot;
import dev.nsmon.namespace.Task;
import dev.nsmon.procfs.Known.Place;
import dev.nsmon.procfs.Slot.ThreadSlot;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/// Reads /proc into a [Snapshot], again and again.
///
/// A process that has used no CPU time since it was read is where it was: a task changes its
/// namespaces only by calls of its own (`unshare(2)`, `setns(2)`), and a task that has not run has
/// called nothing. One `clock_gettime` on its CPU clock, which counts nanoseconds over all its
/// threads, so stands for ten `readlinkat`. The clock is read before the links, so that whatever
/// comes after shows as a difference the next time.
///
/// A look is not atomic. What makes it exact is asking, when all links have been read, whether the
/// namespaces they named are still alive: one that is has had its inode to itself all the while.
/// Processes that seemed to be in one that is not are read again, each namespace asked for its id.
///
/// One thread only, but for the first look's search. What it opens of a process it closes at once.
public final class ProcScanner implements AutoCloseable {
  private final ScanSettings settings;
  private final InstantSource clock;
  private final ProcFs proc;
  private final NamespaceProbe probe;
  private final NamespaceTable table;
  private final ProcessReader processes;
  private final HolderSearch holders;
  private final DirectoryList pids;
  private final Slots slots = new Slots();
  private final int list;

  private int look;
  private long previousTicks = -1;
  private List<Task> tasks = List.of();
  private Map<String, List<Holder>> held = Map.of();

  /// @throws IOException if there is no proc file system at the mount point
  public ProcScanner(ScanSettings settings, InstantSource clock) throws IOException {
    this.settings = settings;
    this.clock = clock;
    this.proc = new ProcFs(settings.mountPoint());
    this.probe = new NamespaceProbe(proc, settings.kernelIds());
    this.table = new NamespaceTable(proc, probe);
    TaskReader reader = new TaskReader(proc);
    this.processes = new ProcessReader(settings, proc, table, reader);
    this.holders = new HolderSearch(settings, proc, probe, table, reader);
    this.pids = new DirectoryList(proc.libc);
    this.list = proc.openList();
    if (list < 0) {
      throw new ErrnoException("openat " + settings.mountPoint(), -list);
    }
    learnInitial(reader);
  }

  /// kthreadd lives in the initial namespaces: before Linux 6.18 the inodes of two of them are
  /// known by nothing else. A child pid namespace has another process 2, and no kernel threads.
  private void learnInitial(TaskReader reader) {
    int kthreadd = proc.openProcess(2);
    if (kthreadd < 0) {
      return;
    }
    boolean isKernelThread = reader.stat(kthreadd).filter(Stat::isKernelThread).isPresent();
    if (isKernelThread && reader.links.read(kthreadd) == 0) {
      for (NamespaceType type : List.of(NamespaceType.MNT, NamespaceType.NET)) {
        table.setInitialInode(type, reader.links.inodes[type.ordinal()]);
      }
    }
    proc.libc.close(kthreadd);
  }

  /// Looks at everything.
  ///
  /// @throws IOException if /proc can't be listed; what can't be read of single processes is
  ///   counted in the report instead
  public Snapshot look() throws IOException {
    long began = System.nanoTime();
    Instant time = clock.instant();
    long ticks = proc.bootTicks();
    look++;
    table.begin(look, time, ticks);
    processes.begin(look, previousTicks, holders.isDue());
    pids.list(list, settings.mountPoint());
    holders.listed(pids);

    boolean changed = merge();
    vouchForPlaces();
    if (table.verify() || (probe.hasKernelIds() && table.hasDoubtful())) {
      changed |= readAgain();
    }
    changed |= table.changed();
    List<Ended> ended = finish(changed);
    previousTicks = ticks;
    return new Snapshot(
        time,
        tasks,
        table.namespaces(),
        held,
        ended,
        new LookReport(
            pids.size(),
            processes.denied(),
            processes.zombies(),
            processes.vanished(),
            processes.read(),
            System.nanoTime() - began));
  }

  /// Brings the slots in line with the pids listed; whether any row changed.
  private boolean merge() {
    boolean changed = false;
    Slot[] next = slots.next(pids.size());
    int kept = 0;
    int old = 0;
    for (int i = 0; i < pids.size(); i++) {
      int pid = pids.number(i);
      while (old < slots.size() && slots.get(old).pid < pid) {
        processes.drop(slots.get(old++));
        changed = true;
      }
      boolean known = old < slots.size() && slots.get(old).pid == pid;
      Slot slot = known ? slots.get(old++) : new Slot(pid);
      Task before = slot.task;
      List<ThreadSlot> threadsBefore = slot.threads;
      if (processes.update(slot, pids.inode(i))) {
        next[kept++] = slot;
        changed |= slot.task != before || slot.threads != threadsBefore;
      } else if (known) {
        processes.drop(slot);
        changed = true;
      }
    }
    while (old < slots.size()) {
      processes.drop(slots.get(old++));
      changed = true;
    }
    slots.replace(next, kept);
    return changed;
  }

  /// Takes the lives for granted that the tasks at rest prove. Without ids, and of a process that
  /// can be read no more, what was read last has to do.
  private void vouchForPlaces() {
    for (Place place : table.places()) {
      boolean proven = place.proven == look;
      boolean assumed = place.assumed == look;
      for (int link = 0; (proven || assumed) && link < place.known.length; link++) {
        Known known = place.known[link];
        if (known != null && (proven || !known.trusted)) {
          known.vouch(look);
        }
      }
    }
  }

  /// Reads the processes again that seem to be in a namespace which is gone, or which only they can
  /// show to be alive.
  private boolean readAgain() {
    boolean changed = false;
    Slot[] next = slots.next(slots.size());
    int kept = 0;
    for (int i = 0; i < slots.size(); i++) {
      Slot slot = slots.get(i);
      boolean stays = true;
      if (slot.task.state() == Task.State.LIVE
          && (slot.hasGone() || (probe.hasKernelIds() && slot.isDoubtful(look)))) {
        Task before = slot.task;
        List<ThreadSlot> threadsBefore = slot.threads;
        // One that came and went within this look is told now and ends with the next.
        stays = processes.readExactly(slot) || !slot.place.hasLost(look);
        changed |= !stays || slot.task != before || slot.threads != threadsBefore;
        if (!stays) {
          processes.drop(slot);
        }
      }
      if (stays) {
        next[kept++] = slot;
      }
    }
    slots.replace(next, kept);
    return changed;
  }

  private List<Ended> finish(boolean changed) {
    boolean searched = holders.search(look, slots, changed);
    List<Ended> ended = table.removeGone(holders.unheld(look, slots));
    if (changed || searched || !ended.isEmpty()) {
      held = holders.present();
    }
    if (changed) {
      tasks = slots.rows();
    }
    return ended;
  }

  @Override
  public void close() {
    holders.close();
    proc.libc.close(list);
    proc.close();
  }
}
