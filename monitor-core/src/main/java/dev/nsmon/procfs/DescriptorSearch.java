package dev.nsmon.procfs;

import dev.nsmon.libc.Libc;
import dev.nsmon.namespace.Holder;
import dev.nsmon.namespace.NamespaceLink;
import dev.nsmon.namespace.NamespaceType;
import dev.nsmon.namespace.Task;
import dev.nsmon.procfs.DescriptorScan.Descriptor;
import dev.nsmon.procfs.DescriptorScan.Findings;
import dev.nsmon.procfs.FirstScan.Scanned;
import dev.nsmon.procfs.Slot.Held;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Finds namespaces that a process holds without being in them: by an open descriptor of the nsfs
/// file, by a socket that was made in another network namespace (`SIOCGSKNS`, `linux/sockios.h`),
/// or by a thread that sits elsewhere.
///
/// A descriptor can only be opened, received or inherited by running. A process that has not run
/// since the last search is not searched again.
final class DescriptorSearch {
  private static final MemorySegment FD = ProcFs.name("../fd");
  private static final int PIDFD_THREAD = 0200;
  private static final long SIOCGSKNS = 0x894C;
  private static final int NET = NamespaceType.NET.ordinal();

  private final ProcFs proc;
  private final Discovery discovery;
  private final Places places;
  private final TaskReader tasks;
  private final DescriptorScan scan;
  private final int self;

  /// The network namespace of each socket that was asked, null where it would not tell: one that
  /// several processes have is asked once and held by each.
  private final Map<Long, Known> sockets = new HashMap<>();

  DescriptorSearch(ProcFs proc, Discovery discovery, Places places, TaskReader tasks) {
    this.proc = proc;
    this.discovery = discovery;
    this.places = places;
    this.tasks = tasks;
    this.scan = new DescriptorScan(proc, tasks);
    this.self = proc.libc.getpid();
  }

  /// Brings what these processes hold up to date in [Slot#held].
  ///
  /// @param scanned what has been found already, by pid
  void search(Iterable<Slot> processes, Map<Integer, Scanned> scanned) {
    sockets.clear();
    for (Slot slot : processes) {
      boolean idle = slot.cpuNanos >= 0 && slot.cpuNanos == slot.searchedCpuNanos;
      if (!idle && slot.pid != self) {
        Scanned before = scanned.get(slot.pid);
        Findings findings = before == null ? scan.scan(slot.pid) : before.findings();
        boolean zombie = slot.task.state() == Task.State.ZOMBIE;
        slot.unsearched = !findings.complete() && !zombie;
        slot.unsearchedSockets = false;
        slot.held = held(slot, findings);
        long searchedAt = before == null ? slot.cpuNanos : before.cpuNanos();
        slot.searchedCpuNanos = slot.unsearched || slot.unsearchedSockets ? -1 : searchedAt;
      }
    }
  }

  private List<Held> held(Slot slot, Findings findings) {
    if (findings.descriptors().isEmpty() && !findings.hasThreads()) {
      return List.of();
    }
    int directory = proc.openProcess(slot.pid);
    if (directory < 0) {
      return List.of();
    }
    List<Held> held = new ArrayList<>(0);
    try {
      if (findings.tid() == 0) {
        searchDescriptors(slot, directory, findings, held);
      }
      if (findings.hasThreads()) {
        tasks.forEachThread(
            directory,
            slot.pid,
            (tid, thread) -> {
              searchThread(slot, tid, thread, held);
              if (tid == findings.tid()) {
                searchDescriptors(slot, thread, findings, held);
              }
            });
      }
    } finally {
      proc.libc.close(directory);
    }
    return held.isEmpty() ? List.of() : held;
  }

  private void searchDescriptors(Slot slot, int directory, Findings findings, List<Held> held) {
    int list = proc.open(directory, FD, Libc.O_PATH | Libc.O_DIRECTORY);
    if (list < 0) {
      return;
    }
    try {
      for (Descriptor descriptor : findings.descriptors()) {
        int fd = descriptor.fd();
        if (descriptor.name().isPresent()) {
          hold(
              opened(list, fd, descriptor.name().get()), new Holder.Descriptor(slot.pid, fd), held);
        } else {
          if (!sockets.containsKey(descriptor.socket())) {
            sockets.put(descriptor.socket(), ofSocket(slot.pid, findings.tid(), fd));
          }
          Known net = sockets.get(descriptor.socket());
          slot.unsearchedSockets |= net == null;
          if (net != slot.place.known[NET]) {
            hold(net, new Holder.Socket(slot.pid, fd), held);
          }
        }
      }
    } finally {
      proc.libc.close(list);
    }
  }

  private Known opened(int list, int fd, NamespaceName name) {
    int open = proc.openNumber(list, fd, Libc.O_RDONLY | Libc.O_CLOEXEC);
    if (open < 0) {
      return discovery.named(name.type(), name.inode());
    }
    try {
      return discovery.discover(open);
    } finally {
      proc.libc.close(open);
    }
  }

  private static void hold(Known known, Holder holder, List<Held> held) {
    if (known != null) {
      held.add(new Held(known, holder));
    }
  }

  /// The network namespace that a socket was made in; null if it can't be asked.
  private Known ofSocket(int pid, int tid, int fd) {
    int process = tid == 0 ? proc.libc.pidfdOpen(pid, 0) : proc.libc.pidfdOpen(tid, PIDFD_THREAD);
    if (process < 0) {
      return null;
    }
    int socket = proc.libc.pidfdGetfd(process, fd);
    proc.libc.close(process);
    if (socket < 0) {
      return null;
    }
    int net = proc.libc.ioctl(socket, SIOCGSKNS, MemorySegment.NULL);
    proc.libc.close(socket);
    if (net < 0) {
      return null;
    }
    Known known = discovery.discover(net);
    proc.libc.close(net);
    return known;
  }

  private void searchThread(Slot slot, int tid, int thread, List<Held> held) {
    if (tasks.links.read(thread) != 0 || slot.place.isAt(tasks.links.inodes)) {
      return;
    }
    Known[] there = places.find(tasks.links.inodes, thread, tasks.links, true).known;
    for (int link = 0; link < NamespaceLink.MEMBERSHIPS; link++) {
      if (there[link] != null && there[link] != slot.place.known[link]) {
        held.add(new Held(there[link], new Holder.StrayThread(slot.pid, tid)));
      }
    }
  }
}
