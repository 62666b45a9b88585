package dev.nsmon.procfs;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.nsmon.libc.Libc;
import dev.nsmon.namespace.Holder;
import dev.nsmon.namespace.NamespaceLink;
import dev.nsmon.namespace.NamespaceType;
import dev.nsmon.procfs.Slot.Held;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Finds namespaces that a process holds without being in them: by an open descriptor of the nsfs
/// file, by a socket that was made in another network namespace (`SIOCGSKNS`, `linux/sockios.h`),
/// or by a thread that sits elsewhere.
///
/// A descriptor can only be opened, received or inherited by running. A process that has not run
/// since the last search is not searched again.
final class DescriptorSearch {
  private static final MemorySegment FD = ProcFs.name("../fd");
  private static final long SIOCGSKNS = 0x894C;
  private static final int TEXT = 48;
  private static final int NET = NamespaceType.NET.ordinal();

  private final ProcFs proc;
  private final NamespaceTable table;
  private final TaskReader tasks;
  private final DirectoryList descriptors;
  private final MemorySegment segment = Arena.global().allocate(TEXT);
  private final byte[] text = new byte[TEXT];
  private final int self = (int) ProcessHandle.current().pid();
  private final Set<Long> sockets = new HashSet<>();

  DescriptorSearch(ProcFs proc, NamespaceTable table, TaskReader tasks) {
    this.proc = proc;
    this.table = table;
    this.tasks = tasks;
    this.descriptors = new DirectoryList(proc.libc);
  }

  /// Brings what these processes hold up to date in [Slot#held].
  void search(Iterable<Slot> processes) {
    sockets.clear();
    for (Slot slot : processes) {
      boolean idle = slot.cpuNanos >= 0 && slot.cpuNanos == slot.searchedCpuNanos;
      if (!idle && slot.pid != self) {
        search(slot);
      }
    }
  }

  private void search(Slot slot) {
    int directory = proc.openProcess(slot.pid);
    if (directory < 0) {
      return;
    }
    try {
      List<Held> held = new ArrayList<>(0);
      searchDescriptors(slot, directory, held);
      if (tasks.hasThreads(directory)) {
        tasks.forEachThread(
            directory, slot.pid, (tid, thread) -> searchThread(slot, tid, thread, held));
      }
      slot.held = held.isEmpty() ? List.of() : held;
      slot.searchedCpuNanos = slot.cpuNanos;
    } finally {
      proc.libc.close(directory);
    }
  }

  private void searchDescriptors(Slot slot, int directory, List<Held> held) {
    int list = proc.open(directory, FD, Libc.O_RDONLY | Libc.O_DIRECTORY);
    if (list < 0) {
      return;
    }
    try {
      descriptors.list(list);
      for (int i = 0; i < descriptors.size(); i++) {
        int fd = descriptors.number(i);
        int length = (int) proc.libc.readlinkat(list, proc.number(fd), segment, TEXT);
        // The names of pipes, sockets and namespaces have their end in a bracket; a path that is
        // cut off or has one does not parse.
        if (length > 4 && segment.get(JAVA_BYTE, length - 1L) == ']') {
          MemorySegment.copy(segment, JAVA_BYTE, 0, text, 0, length);
          Optional<NamespaceName> name = NamespaceName.parse(text, 0, length);
          if (name.isPresent()) {
            held.add(new Held(opened(list, fd, name.get()), new Holder.Descriptor(slot.pid, fd)));
          } else if (text[0] == 's' && sockets.add(socketInode(length))) {
            searchSocket(slot, fd, held);
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
      return table.unopened(name.type(), name.inode());
    }
    try {
      return table.discover(open, name.type());
    } finally {
      proc.libc.close(open);
    }
  }

  private long socketInode(int length) {
    long inode = 0;
    for (int at = 8; at < length - 1; at++) {
      inode = inode * 10 + text[at] - '0';
    }
    return inode;
  }

  private void searchSocket(Slot slot, int fd, List<Held> held) {
    int process = proc.libc.pidfdOpen(slot.pid);
    if (process < 0) {
      return;
    }
    int socket = proc.libc.pidfdGetfd(process, fd);
    proc.libc.close(process);
    if (socket < 0) {
      return;
    }
    int net = proc.libc.ioctl(socket, SIOCGSKNS, MemorySegment.NULL);
    proc.libc.close(socket);
    if (net < 0) {
      return;
    }
    Known known = table.discover(net, NamespaceType.NET);
    proc.libc.close(net);
    if (known != slot.place.known[NET]) {
      held.add(new Held(known, new Holder.Socket(slot.pid, fd)));
    }
  }

  private void searchThread(Slot slot, int tid, int thread, List<Held> held) {
    if (tasks.links.read(thread) != 0 || slot.place.isAt(tasks.links.inodes)) {
      return;
    }
    Known[] there = table.place(tasks.links.inodes, thread, tasks.links, true).known;
    for (int link = 0; link < NamespaceLink.MEMBERSHIPS; link++) {
      if (there[link] != null && there[link] != slot.place.known[link]) {
        held.add(new Held(there[link], new Holder.StrayThread(slot.pid, tid)));
      }
    }
  }
}
