package dev.nsmon.procfs;

import dev.nsmon.libc.KernelCalls;
import dev.nsmon.namespace.NamespaceType;
import dev.nsmon.proc.DescriptorScan.Descriptor;
import dev.nsmon.proc.DescriptorScan.Findings;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/// The network namespaces in which sockets of other processes were made (`pidfd_getfd(2)`, then
/// `SIOCGSKNS`, `linux/sockios.h`), of one search: a socket that several processes have is asked
/// once.
///
/// To get a descriptor of a process that is in the middle of an `execve(2)` takes as long as that,
/// and to close a socket as its last owner may take as long as its maker wants (`SO_LINGER`). So
/// they are asked while the monitor goes on.
final class Sockets {
  private static final int PIDFD_THREAD = 0200;
  private static final long SIOCGSKNS = 0x894C;

  /// So many sockets are asked at a time: a process may have a million.
  private static final int MOST_ASKED = 500;

  private final NamespaceTable table;
  private final Discovery discovery;
  private final Predicate<Slot> silent;

  /// By the inode of the socket; null where it would not tell.
  private final Map<Long, Known> nets = new HashMap<>();

  /// Inodes and ids of the network namespaces that are known.
  private final Map<Long, Long> known = new HashMap<>();

  /// Pid of the process whose sockets are being asked; 0 if none is. Set by the search.
  private volatile int asking;

  /// @param table the namespaces that are known
  /// @param silent the processes that are not asked, because they did not answer
  Sockets(NamespaceTable table, Discovery discovery, Predicate<Slot> silent) {
    this.table = table;
    this.discovery = discovery;
    this.silent = silent;
    for (Known one : table.all()) {
      if (one.namespace.type() == NamespaceType.NET && !one.gone) {
        known.put(one.namespace.inode(), one.namespace.id());
      }
    }
  }

  /// What a socket says of its network namespace.
  ///
  /// @param fd a descriptor of it where it was not known; else -1
  private record Answer(long inode, long id, int fd) {
    static final Answer NONE = new Answer(0, -1, -1);
  }

  /// Pid of the process whose sockets are being asked; 0 if none is. Any thread.
  int asking() {
    return asking;
  }

  /// Asks the sockets among these descriptors that have not been asked.
  void ask(Slot slot, Findings findings, SearchReader reader) {
    if (silent.test(slot)) {
      return;
    }
    List<Descriptor> left = new ArrayList<>(0);
    for (Descriptor one : findings.descriptors()) {
      if (one.name().isEmpty() && !nets.containsKey(one.socket())) {
        nets.put(one.socket(), null);
        left.add(one);
      }
    }
    for (int done = 0; done < left.size(); ) {
      int end = Math.min(done + MOST_ASKED, left.size());
      done += askSome(slot.pid, findings.tid(), left.subList(done, end), reader);
    }
  }

  private int askSome(int pid, int tid, List<Descriptor> sockets, SearchReader reader) {
    List<Answer> answers = new ArrayList<>();
    try {
      asking = pid;
      reader.away(() -> ask(pid, tid, sockets, reader, answers));
      asking = 0;
      for (int i = 0; i < answers.size(); i++) {
        nets.put(sockets.get(i).socket(), net(answers.get(i)));
      }
    } finally {
      answers.stream().filter(one -> one.fd() >= 0).forEach(one -> close(one, reader));
    }
    reader.pause();
    return answers.size();
  }

  private Known net(Answer answer) {
    if (answer.fd() >= 0) {
      return discovery.discover(answer.fd());
    }
    Known net = table.known(NamespaceType.NET, answer.inode());
    boolean same = net != null && (answer.id() < 0 || net.namespace.id() == answer.id());
    return same ? net : null;
  }

  /// Ends with the first namespace that was not known: its descriptor is closed at once, because it
  /// keeps the namespace alive. No socket answers if the process can't be opened.
  private void ask(
      int pid, int tid, List<Descriptor> sockets, SearchReader reader, List<Answer> answers) {
    KernelCalls libc = reader.proc.libc();
    int process = tid == 0 ? libc.pidfdOpen(pid, 0) : libc.pidfdOpen(tid, PIDFD_THREAD);
    boolean isUnknown = false;
    for (int i = 0; i < sockets.size() && !isUnknown; i++) {
      Answer answer = process < 0 ? Answer.NONE : ask(process, sockets.get(i), reader);
      answers.add(answer);
      isUnknown = answer.fd() >= 0;
    }
    if (process >= 0) {
      libc.close(process);
    }
  }

  private Answer ask(int process, Descriptor descriptor, SearchReader reader) {
    KernelCalls libc = reader.proc.libc();
    int socket = libc.pidfdGetfd(process, descriptor.fd());
    if (socket < 0) {
      return Answer.NONE;
    }
    int net = libc.ioctl(socket, SIOCGSKNS, MemorySegment.NULL);
    libc.close(socket);
    if (net < 0) {
      return Answer.NONE;
    }
    long inode = reader.probe.inode(net);
    long id = reader.probe.hasKernelIds() ? reader.probe.id(net) : -1;
    Long knownId = known.get(inode);
    if (knownId != null && (id < 0 || knownId == id)) {
      libc.close(net);
      return new Answer(inode, id, -1);
    }
    known.put(inode, id);
    return new Answer(inode, id, net);
  }

  private static void close(Answer answer, SearchReader reader) {
    reader.proc.libc().close(answer.fd());
  }

  /// The network namespace that this socket was made in; null if it would not tell.
  Known net(long socket) {
    return nets.get(socket);
  }
}
