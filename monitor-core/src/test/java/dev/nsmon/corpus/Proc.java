package dev.nsmon.corpus;

import dev.nsmon.namespace.NamespaceLink;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/// A process of a [Host], until it is reaped.
final class Proc {
  /// What one of its descriptors leads to.
  sealed interface Target {
    /// An nsfs file.
    record OfNs(Ns ns) implements Target {}

    /// A socket, in the network namespace where it was made.
    record Socket(long inode, Ns net) implements Target {}

    /// Anything else.
    record Other(String name) implements Target {}
  }

  /// One of its threads. `links` is by ordinal of [NamespaceLink].
  static final class Thr {
    final int tid;
    final Proc proc;
    Ns[] links;

    /// It has let go of its namespaces, but for its pid and user namespace until it is reaped.
    boolean exited;

    /// It is on its way out (`PF_EXITING`), and has let go of nothing yet.
    boolean exiting;

    Thr(Proc proc, int tid, Ns[] links) {
      this.proc = proc;
      this.tid = tid;
      this.links = links;
    }

    Ns at(NamespaceLink link) {
      boolean kept = link == NamespaceLink.PID || link == NamespaceLink.USER;
      return exited && !kept ? null : links[link.ordinal()];
    }
  }

  final int pid;
  long directoryInode;
  long startTicks;
  int parent;
  String comm = "sh";
  String cgroup = "/a.slice";
  int uid = 1000;
  long cpuNanos = 1;
  boolean isKernelThread;

  /// Others may not read where it is (`ptrace(2)`, "access mode checking").
  boolean denied;

  /// Its process id is free again.
  boolean reaped;

  final Thr main;
  final TreeMap<Integer, Thr> threads = new TreeMap<>();
  TreeMap<Integer, Target> descriptors = new TreeMap<>();

  Proc(int pid, long directoryInode, long startTicks, int parent, Ns[] links) {
    this.pid = pid;
    this.directoryInode = directoryInode;
    this.startTicks = startTicks;
    this.parent = parent;
    this.main = new Thr(this, pid, links);
    threads.put(pid, main);
  }

  /// Whether no thread of it is left.
  boolean hasExited() {
    return threads.size() == 1 && main.exited;
  }

  List<Thr> live() {
    return new ArrayList<>(threads.values()).stream().filter(thread -> !thread.exited).toList();
  }

  /// The line of `/proc/PID/stat`, as seen through this thread.
  String stat(Thr of) {
    char state = of.exited ? 'Z' : 'S';
    long flags = 0x40_0100 | (of.exiting || of.exited ? 0x4 : 0) | (isKernelThread ? 0x20_0000 : 0);
    return "%d (%s) %c %d 1 1 0 -1 %d 9 0 0 0 1 2 0 0 20 0 %d 0 %d 1 2 3\n"
        .formatted(of.tid, comm, state, parent, flags, threads.size(), startTicks);
  }
}
