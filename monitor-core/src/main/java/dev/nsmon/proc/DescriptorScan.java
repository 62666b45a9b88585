package dev.nsmon.proc;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.nsmon.libc.Errno;
import dev.nsmon.libc.Libc;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Reads which descriptors of a process lead to namespaces or are sockets, and whether it has more
/// than one thread. It asks nothing of what it finds, so that it can run beside a look on a thread
/// of its own.
public final class DescriptorScan {
  private static final MemorySegment FD = ProcFs.name("../fd");
  private static final int LIST = Libc.O_RDONLY | Libc.O_DIRECTORY;
  private static final int TEXT = 48;

  private final ProcFs proc;
  private final TaskReader tasks;
  private final Runnable pause;
  private final int most;
  private final DirectoryList descriptors;
  private final MemorySegment segment = Arena.global().allocate(TEXT);
  private final byte[] text = new byte[TEXT];

  /// Whether the last list of descriptors could be read.
  private boolean complete;

  /// @param pause called often, where it may be interrupted
  /// @param most how many descriptors of one namespace in one process are told
  public DescriptorScan(ProcFs proc, TaskReader tasks, Runnable pause, int most) {
    this.proc = proc;
    this.tasks = tasks;
    this.pause = pause;
    this.most = most;
    this.descriptors = new DirectoryList(proc.libc());
  }

  /// A descriptor that is of interest.
  ///
  /// @param name of the namespace that it leads to; empty for a socket
  /// @param socket inode of the socket; 0 for a namespace
  public record Descriptor(int fd, Optional<NamespaceName> name, long socket) {}

  /// What was found of a process.
  ///
  /// @param hasThreads whether it has more threads than the main one
  /// @param tid the thread through which the descriptors are seen, where the main one has exited;
  ///   else 0
  /// @param complete whether the descriptors could be read
  public record Findings(
      List<Descriptor> descriptors, boolean hasThreads, int tid, boolean complete) {
    static final Findings NONE = new Findings(List.of(), false, 0, true);

    Findings incomplete() {
      return new Findings(descriptors, hasThreads, tid, false);
    }
  }

  /// Reads one process; [Findings#NONE] of one that is gone or refused.
  public Findings scan(int pid) {
    List<Descriptor> found = descriptors(proc.openDescriptors(pid));
    boolean hasThreads = proc.hasThreads(pid);
    if (hasThreads && descriptors.size() == 0) {
      return throughThread(pid);
    }
    return found.isEmpty() && !hasThreads && complete
        ? Findings.NONE
        : new Findings(found, hasThreads, 0, complete);
  }

  /// A main thread that has exited shows no descriptors; the others still have them.
  private Findings throughThread(int pid) {
    int directory = proc.openProcess(pid);
    if (directory < 0) {
      return new Findings(List.of(), true, 0, complete && Errno.isGone(directory));
    }
    Findings[] found = {new Findings(List.of(), true, 0, complete)};
    int result =
        tasks.forEachThread(
            directory,
            pid,
            (tid, thread) -> {
              if (found[0].tid() == 0) {
                List<Descriptor> there = descriptors(proc.open(thread, FD, LIST));
                if (descriptors.size() > 0) {
                  found[0] = new Findings(there, true, tid, complete);
                }
              }
            });
    proc.libc().close(directory);
    return result >= 0 || Errno.isGone(result) ? found[0] : found[0].incomplete();
  }

  private List<Descriptor> descriptors(int list) {
    descriptors.clear();
    complete = list >= 0 || Errno.isGone(list);
    if (list < 0) {
      return List.of();
    }
    List<Descriptor> found = List.of();
    Map<NamespaceName, Integer> counts = new HashMap<>();
    try {
      int result = descriptors.list(list, pause);
      complete = result >= 0 || Errno.isGone(result);
      for (int i = 0; i < descriptors.size(); i++) {
        pause.run();
        Descriptor descriptor = descriptor(list, descriptors.number(i));
        if (descriptor != null && isWanted(descriptor, counts)) {
          found = found.isEmpty() ? new ArrayList<>(2) : found;
          found.add(descriptor);
        }
      }
    } finally {
      proc.libc().close(list);
    }
    return found;
  }

  private boolean isWanted(Descriptor one, Map<NamespaceName, Integer> counts) {
    return one.name().isEmpty() || counts.merge(one.name().get(), 1, Integer::sum) <= most;
  }

  private Descriptor descriptor(int list, int fd) {
    int length = (int) proc.libc().readlinkat(list, proc.number(fd), segment, TEXT);
    // Pipes, sockets and namespaces have names that end in a bracket. A path that does too has a
    // slash in it and does not parse.
    if (length <= 4 || segment.get(JAVA_BYTE, length - 1L) != ']') {
      return null;
    }
    MemorySegment.copy(segment, JAVA_BYTE, 0, text, 0, length);
    Optional<NamespaceName> name = NamespaceName.parse(text, 0, length);
    if (name.isPresent()) {
      return new Descriptor(fd, name, 0);
    }
    return text[0] == 's' ? new Descriptor(fd, Optional.empty(), socketInode(length)) : null;
  }

  /// Of `socket:[123]`.
  private long socketInode(int length) {
    long inode = 0;
    for (int at = 8; at < length - 1; at++) {
      inode = inode * 10 + text[at] - '0';
    }
    return inode;
  }
}
