package dev.nsmon.procfs;

import dev.nsmon.libc.ErrnoException;
import dev.nsmon.libc.KernelCalls;
import dev.nsmon.namespace.Holder;
import dev.nsmon.namespace.HostClock;
import dev.nsmon.namespace.LookReport;
import dev.nsmon.namespace.NamespaceType;
import dev.nsmon.namespace.ProcessInfo;
import dev.nsmon.namespace.Snapshot;
import dev.nsmon.namespace.Task;
import dev.nsmon.proc.DirectoryList;
import dev.nsmon.proc.NamespaceProbe;
import dev.nsmon.proc.ProcFs;
import dev.nsmon.proc.Stat;
import dev.nsmon.proc.TaskReader;
import dev.nsmon.procfs.Known.Place;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/// What is known of the host, and the tools to learn more: shared by the looks at everything and by
/// what is pushed in between. One thread only.
final class Scan implements AutoCloseable {
  final ScanSettings settings;
  final ProcFs proc;
  final NamespaceProbe probe;
  final NamespaceTable table;
  final Discovery discovery;
  final Places places;
  final ReportedPlaces reported;
  final Lives lives;
  final TaskReader reader;
  final Latecomers latecomers;
  final Vouching vouching;
  final ProcessReader processes;
  final HolderSearch holders;
  final Endings endings;
  final PushClock clock;
  final Slots slots = new Slots();
  final DirectoryList pids;
  private final int list;

  /// The pid of the process that was last opened to be read, by the owner's thread or one that it
  /// waits for. Any thread may read it.
  final AtomicInteger asked = new AtomicInteger();

  /// Number of the look, or of the step between two, that is under way.
  int look;

  /// When the last look at everything listed the processes, in ticks since boot; -1 before the
  /// first.
  long previousTicks = -1;

  /// When processes were last listed, and the time before that, by [HostClock#nanoTime()].
  long listNanos;

  long previousListNanos;

  /// When all was last looked at.
  Instant time = Instant.EPOCH;

  /// Whether steps have changed rows since [#tasks] was made.
  boolean stepped;

  List<Task> tasks = List.of();
  Map<String, List<Holder>> held = Map.of();

  Scan(ScanSettings settings, HostClock host, Supplier<? extends KernelCalls> kernel)
      throws IOException {
    this.settings = settings;
    this.proc = new ProcFs(settings.mountPoint(), kernel.get(), asked);
    this.probe = new NamespaceProbe(proc, settings.kernelIds());
    this.table = new NamespaceTable(probe);
    this.discovery = new Discovery(proc, probe, table);
    this.places = new Places(table, discovery);
    this.reported = new ReportedPlaces(proc, probe, table, discovery, places);
    this.lives = new Lives(table, places, probe);
    this.reader = new TaskReader(proc);
    this.latecomers = new Latecomers(slots, proc, reader, host);
    this.vouching = new Vouching(table, places);
    this.processes = new ProcessReader(settings, proc, places, reader, latecomers, vouching, host);
    this.holders =
        new HolderSearch(
            settings,
            table,
            places,
            discovery,
            new MountSearch(proc, probe, discovery, settings.mountPoint().equals("/proc")),
            new DescriptorSearch(proc, discovery, places),
            new SearchThreads(settings, kernel, asked, host),
            host,
            kernel);
    this.endings = new Endings(table, probe);
    this.clock = new PushClock(host, proc);
    this.pids = new DirectoryList(proc.libc());
    this.list = proc.openList();
    if (list < 0) {
      throw new ErrnoException("openat " + settings.mountPoint(), -list);
    }
    learnInitial();
  }

  /// kthreadd lives in the initial namespaces: before Linux 6.18 the inodes of two of them are
  /// known by nothing else. A child pid namespace has another process 2, and no kernel threads.
  private void learnInitial() {
    int kthreadd = proc.openProcess(2);
    if (kthreadd < 0) {
      return;
    }
    boolean isKernelThread = reader.stat(kthreadd).filter(Stat::isKernelThread).isPresent();
    if (isKernelThread && reader.links().read(kthreadd) == 0) {
      for (NamespaceType type : List.of(NamespaceType.MNT, NamespaceType.NET)) {
        table.initialInodes().set(type, reader.links().inodes()[type.ordinal()]);
      }
    }
    proc.libc().close(kthreadd);
  }

  /// Lists all processes.
  void list() throws IOException {
    previousListNanos = listNanos;
    listNanos = clock.nanoTime();
    pids.list(list, settings.mountPoint());
  }

  /// Whether what the process of this slot does is told: not if it merely lives in the initial
  /// namespaces, unless that is asked for.
  boolean tells(Slot slot) {
    return settings.describe() == ScanSettings.Describe.ALL
        || !slot.place.set.isInitial()
        || !slot.threads.isEmpty();
  }

  /// Puts a process here of which nothing else is known, as a new one.
  void settle(Slot slot, Place place, Task.State state) {
    slot.place = place;
    slot.task =
        new Task(slot.pid, 0, processes.newInstance(), state, place.set, ProcessInfo.UNKNOWN);
  }

  /// Everything as it is known now.
  Snapshot present() {
    if (stepped) {
      tasks = slots.rows();
      held = holders.present();
      stepped = false;
    }
    return new Snapshot(time, tasks, table.namespaces(), held, List.of(), report());
  }

  private LookReport report() {
    int denied = 0;
    int zombies = 0;
    for (int i = 0; i < slots.size(); i++) {
      switch (slots.get(i).task.state()) {
        case LIVE -> {}
        case DENIED -> denied++;
        case ZOMBIE -> zombies++;
      }
    }
    return new LookReport(slots.size(), denied, zombies, 0, 0, 0);
  }

  @Override
  public void close() {
    holders.close();
    proc.libc().close(list);
    proc.close();
  }
}
