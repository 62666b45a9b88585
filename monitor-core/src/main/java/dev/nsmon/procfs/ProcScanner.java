package dev.nsmon.procfs;

import dev.nsmon.libc.KernelCalls;
import dev.nsmon.libc.Libc;
import dev.nsmon.namespace.Ended;
import dev.nsmon.namespace.HostClock;
import dev.nsmon.namespace.LookReport;
import dev.nsmon.namespace.Snapshot;
import dev.nsmon.namespace.Task;
import dev.nsmon.procfs.Slot.ThreadSlot;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Supplier;

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
/// Between looks it takes in what a push source reports, in time order, into the same slots.
///
/// One thread only, but for searches: the first look's, and later ones, which work while that
/// thread waits for them. What it opens of a process it closes at once, or with the end of a
/// search.
public final class ProcScanner implements AutoCloseable {
  private final HostClock clock;
  private final Scan scan;
  private final Slots slots;
  private final NamespaceTable table;
  private final ProcessReader processes;
  private final PushFollower follower;
  private final Births births;
  private final Resumption resumption;

  /// A scanner of this machine.
  ///
  /// @throws IOException if there is no proc file system at the mount point
  public ProcScanner(ScanSettings settings, HostClock clock) throws IOException {
    this(settings, clock, Libc::new);
  }

  /// A scanner of the host that answers these calls.
  ///
  /// @param kernel makes an instance for each thread that needs one
  /// @throws IOException if there is no proc file system at the mount point
  public ProcScanner(ScanSettings settings, HostClock clock, Supplier<? extends KernelCalls> kernel)
      throws IOException {
    this.clock = clock;
    this.scan = new Scan(settings, clock, kernel);
    this.slots = scan.slots;
    this.table = scan.table;
    this.processes = scan.processes;
    this.follower = new PushFollower(scan);
    this.births = new Births(scan.proc, scan.probe);
    this.resumption = new Resumption(scan);
  }

  /// What takes in between looks what is pushed.
  public PushFollower follower() {
    return follower;
  }

  /// Takes in the last state of an earlier run in this boot, before the first look: what is still
  /// there keeps its key, what is not ends with that look.
  ///
  /// @param generation the highest that was used for a key
  public void resume(Snapshot earlier, int generation) {
    resumption.begin(earlier, generation);
  }

  /// The last state of an earlier run, as if this scanner had made it: a process that the first
  /// look found to be still there has the same instance in both. To be asked after that look.
  public Snapshot resumed(Snapshot earlier) {
    return resumption.end(earlier);
  }

  /// Looks at everything.
  ///
  /// @throws IOException if /proc can't be listed; what can't be read of single processes is
  ///   counted in the report instead
  public Snapshot look() throws IOException {
    long began = clock.nanoTime();
    scan.time = clock.instant();
    long ticks = scan.proc.bootTicks();
    scan.look++;
    table.begin(scan.look, scan.time, ticks);
    processes.begin(scan.look, scan.previousTicks, scan.holders.isDue());
    scan.list();
    scan.holders.listed(scan.pids);
    follower.exits().forgetReaped(scan.pids);

    boolean changed = scan.stepped;
    scan.stepped = false;
    changed |= merge();
    scan.vouching.conclude();
    if (scan.lives.verify(scan.look)
        || (table.hasKernelIds() && scan.lives.hasDoubtful(scan.look))) {
      changed |= readAgain();
    }
    changed |= table.changed();
    List<Ended> ended = finish(changed);
    scan.previousTicks = ticks;
    return new Snapshot(
        scan.time,
        scan.tasks,
        table.namespaces(),
        scan.held,
        ended,
        new LookReport(
            scan.pids.size(),
            scan.vouching.denied(),
            scan.vouching.zombies(),
            processes.vanished(),
            processes.read(),
            clock.nanoTime() - began));
  }

  /// Brings the slots in line with the pids listed; whether any row changed.
  private boolean merge() {
    boolean changed = false;
    Slot[] next = slots.next(scan.pids.size());
    int kept = 0;
    int old = 0;
    for (int i = 0; i < scan.pids.size(); i++) {
      int pid = scan.pids.number(i);
      while (old < slots.size() && slots.get(old).pid < pid) {
        processes.drop(slots.get(old++));
        changed = true;
      }
      boolean known = old < slots.size() && slots.get(old).pid == pid;
      Slot slot = known ? slots.get(old++) : new Slot(pid);
      slot.forgetStrays();
      Task before = slot.task;
      List<ThreadSlot> threadsBefore = slot.threads;
      if (!known && follower.exits().isUnreaped(pid)) {
        continue;
      }
      if (processes.update(slot, scan.pids.inode(i))) {
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
          && (slot.hasGone() || (table.hasKernelIds() && slot.isDoubtful(scan.look)))) {
        Task before = slot.task;
        List<ThreadSlot> threadsBefore = slot.threads;
        // One that came and went within this scan.look is told now and ends with the next.
        stays = processes.readExactly(slot) || !slot.place.hasLost(scan.look);
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
    boolean searched = scan.holders.search(scan.look, slots, changed);
    Set<Known> unheld = scan.holders.unheld(scan.look, slots);
    if (!unheld.isEmpty()) {
      unheld.removeAll(follower.exits().keptByUnreaped());
    }
    List<Ended> ended = scan.lives.endGone(scan.look, unheld);
    if (changed || searched || !ended.isEmpty()) {
      scan.held = scan.holders.present();
    }
    if (changed) {
      scan.tasks = slots.rows();
    }
    return ended;
  }

  /// How many namespaces were born since this was asked first; empty if that can't be told, as
  /// before Linux 6.18 and without CAP_SYS_ADMIN. The calling thread makes one itself on each CPU.
  public OptionalLong births() {
    return births.count();
  }

  /// How many of those born since the first look were seen, by their ids.
  public long seenBorn() {
    return table.seenBorn();
  }

  /// The pid of the process that was last opened to be read; 0 before the first. While a look does
  /// not come to an end, that one may keep it waiting. Any thread.
  public int asked() {
    return scan.asked.getOpaque();
  }

  /// The ids of this moment, from which births are counted over a restart; empty if they can't be
  /// told. The calling thread makes a namespace itself on each CPU.
  public Optional<BirthIds> birthIds() {
    try (Births once = new Births(scan.proc, scan.probe)) {
      return once.ids();
    }
  }

  @Override
  public void close() {
    births.close();
    scan.close();
  }
}
