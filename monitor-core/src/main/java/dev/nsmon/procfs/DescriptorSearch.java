package dev.nsmon.procfs;

import dev.nsmon.libc.Errno;
import dev.nsmon.libc.Libc;
import dev.nsmon.namespace.Holder;
import dev.nsmon.namespace.NamespaceLink;
import dev.nsmon.namespace.NamespaceType;
import dev.nsmon.namespace.Task;
import dev.nsmon.proc.DescriptorScan.Descriptor;
import dev.nsmon.proc.DescriptorScan.Findings;
import dev.nsmon.proc.NamespaceLinks;
import dev.nsmon.proc.NamespaceName;
import dev.nsmon.proc.ProcFs;
import dev.nsmon.procfs.FirstScan.Scanned;
import dev.nsmon.procfs.Slot.Held;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;

/// Finds namespaces that a process holds without being in them: by an open descriptor of the nsfs
/// file, by a socket that was made in another network namespace ([Sockets]), or by a thread that
/// sits elsewhere.
///
/// A descriptor can only be opened, received or inherited by running. A process that has not run
/// since the last search is not searched again.
final class DescriptorSearch {
  private static final MemorySegment FD = ProcFs.name("../fd");
  private static final int NET = NamespaceType.NET.ordinal();

  private final ProcFs proc;
  private final Discovery discovery;
  private final Places places;
  private final int self;

  DescriptorSearch(ProcFs proc, Discovery discovery, Places places) {
    this.proc = proc;
    this.discovery = discovery;
    this.places = places;
    this.self = proc.libc().getpid();
  }

  /// Brings what these processes hold up to date in [Slot#held].
  ///
  /// @param slots the processes of now: those of before may end while this pauses
  /// @param scanned what has been found already, by pid
  void search(
      List<Slot> processes,
      Slots slots,
      Map<Integer, Scanned> scanned,
      SearchReader reader,
      Sockets sockets) {
    for (Slot slot : processes) {
      boolean idle = slot.cpuNanos >= 0 && slot.cpuNanos == slot.searchedCpuNanos;
      if (!idle && slot.pid != self && slots.find(slot.pid) == slot) {
        long cpuNanos = slot.cpuNanos;
        Scanned before = scanned.get(slot.pid);
        Findings findings = before == null ? reader.descriptors.scan(slot.pid) : before.findings();
        slot.unsearched = !findings.complete();
        slot.unsearchedSockets = false;
        slot.held = held(slot, findings, reader, sockets);
        slot.unsearched &= slot.task.state() != Task.State.ZOMBIE;
        long searchedAt = before == null ? cpuNanos : before.cpuNanos();
        slot.searchedCpuNanos = slot.unsearched || slot.unsearchedSockets ? -1 : searchedAt;
      }
      reader.pause();
    }
  }

  private List<Held> held(Slot slot, Findings findings, SearchReader reader, Sockets sockets) {
    if (findings.descriptors().isEmpty() && !findings.hasThreads()) {
      return List.of();
    }
    int directory = reader.proc.openProcess(slot.pid);
    if (directory < 0) {
      slot.unsearched |= !Errno.isGone(directory);
      return List.of();
    }
    Holdings held = new Holdings();
    try {
      if (findings.tid() == 0) {
        searchDescriptors(slot, directory, findings, reader, sockets, held);
      }
      if (findings.hasThreads()) {
        int result =
            reader.tasks.forEachThread(
                directory,
                slot.pid,
                (tid, thread) -> {
                  searchThread(slot, tid, thread, reader, held);
                  if (tid == findings.tid()) {
                    searchDescriptors(slot, thread, findings, reader, sockets, held);
                  }
                });
        slot.unsearched |= result < 0 && !Errno.isGone(result);
      }
    } finally {
      reader.proc.libc().close(directory);
    }
    return held.list();
  }

  private void searchDescriptors(
      Slot slot,
      int directory,
      Findings findings,
      SearchReader reader,
      Sockets sockets,
      Holdings held) {
    int list = reader.proc.open(directory, FD, Libc.O_PATH | Libc.O_DIRECTORY);
    if (list < 0) {
      slot.unsearched |= !Errno.isGone(list);
      return;
    }
    try {
      sockets.ask(slot, findings, reader);
      for (Descriptor descriptor : findings.descriptors()) {
        reader.pause();
        int fd = descriptor.fd();
        if (descriptor.name().isPresent()) {
          Known known = opened(list, fd, descriptor.name().get());
          held.add(known, new Holder.Descriptor(slot.pid, fd));
        } else {
          Known net = sockets.net(descriptor.socket());
          slot.unsearchedSockets |= net == null;
          if (net != slot.place.known[NET]) {
            held.add(net, new Holder.Socket(slot.pid, fd));
          }
        }
      }
    } finally {
      reader.proc.libc().close(list);
    }
  }

  private Known opened(int list, int fd, NamespaceName name) {
    int at = proc.openNumber(list, fd, Libc.O_PATH | Libc.O_CLOEXEC);
    if (at < 0) {
      return discovery.named(name.type(), name.inode());
    }
    try {
      return discovery.reached(at, name);
    } finally {
      proc.libc().close(at);
    }
  }

  private void searchThread(Slot slot, int tid, int thread, SearchReader reader, Holdings held) {
    NamespaceLinks links = reader.tasks.links();
    if (links.read(thread) != 0 || slot.place.isAt(links.inodes())) {
      return;
    }
    Known[] there = places.find(links.inodes(), thread, links, true).known;
    for (int link = 0; link < NamespaceLink.MEMBERSHIPS; link++) {
      if (there[link] != slot.place.known[link]) {
        held.add(there[link], new Holder.StrayThread(slot.pid, tid));
      }
    }
  }
}
