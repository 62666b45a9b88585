package dev.nsmon.proc;

import dev.nsmon.libc.Errno;
import dev.nsmon.libc.Libc;
import dev.nsmon.namespace.ProcessInfo;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;

/// Reads the files of one process or thread, relative to its open `ns` directory.
public final class TaskReader {
  private static final MemorySegment STAT = ProcFs.name("../stat");
  private static final MemorySegment STATUS = ProcFs.name("../status");
  private static final MemorySegment CGROUP = ProcFs.name("../cgroup");
  private static final MemorySegment EXE = ProcFs.name("../exe");
  private static final MemorySegment TASK = ProcFs.name("../task");

  private final ProcFs proc;
  private final Runnable pause;
  private final DirectoryList tids;
  private int statLength;
  private final NamespaceLinks links;

  public TaskReader(ProcFs proc) {
    this(proc, () -> {});
  }

  /// @param pause called before each thread is visited: the visit of many may be interrupted there
  public TaskReader(ProcFs proc, Runnable pause) {
    this.proc = proc;
    this.pause = pause;
    this.tids = new DirectoryList(proc.libc());
    this.links = new NamespaceLinks(proc);
  }

  /// What reads the links of its `ns` directory.
  public NamespaceLinks links() {
    return links;
  }

  /// Its `stat`; empty if it has gone or can't be read, see [#hasGone].
  public Optional<Stat> stat(int directory) {
    statLength = proc.read(directory, STAT);
    return statLength <= 0 ? Optional.empty() : Stat.parse(proc.content(), statLength);
  }

  /// Whether the last `stat` was not read because its task has gone.
  public boolean hasGone() {
    return statLength == 0 || Errno.isGone(statLength);
  }

  /// All that is told of a process in the news. What can't be read stays unknown.
  public ProcessInfo info(int directory, Stat stat) {
    int length = proc.read(directory, STATUS);
    Status status = Status.parse(proc.content(), Math.max(length, 0));
    String cgroup = cgroup(directory);
    length = proc.readLink(directory, EXE);
    String exe = length <= 0 ? "" : new String(proc.content(), 0, length, StandardCharsets.UTF_8);
    return new ProcessInfo(
        stat.startTicks(), stat.ppid(), stat.comm(), exe, status.uid(), status.nsPids(), cgroup);
  }

  /// Its control group; empty if it can't be read.
  public String cgroup(int directory) {
    int length = proc.read(directory, CGROUP);
    return CgroupFile.path(proc.content(), Math.max(length, 0));
  }

  /// Reads the links of any live thread into [NamespaceLinks#inodes], for a process whose main
  /// thread has exited before the others; what `visitor` makes of its directory, or empty if there
  /// is none.
  public <T> Optional<T> readLiveThread(int directory, int pid, IntFunction<T> visitor) {
    List<T> found = new ArrayList<>(1);
    forEachThread(
        directory,
        pid,
        (_, thread) -> {
          if (found.isEmpty() && links.read(thread) == 0) {
            found.add(visitor.apply(thread));
          }
        });
    return found.stream().findFirst();
  }

  /// What to do with a thread's open directory.
  public interface ThreadVisitor {
    void visit(int tid, int threadDirectory);
  }

  /// Whether it has more threads than the main one.
  public boolean hasThreads(int directory) {
    return proc.hasThreads(directory, TASK);
  }

  /// Visits all threads but the main one: 0, or the error if they can't be listed.
  public int forEachThread(int directory, int pid, ThreadVisitor visitor) {
    int list = proc.open(directory, TASK, Libc.O_RDONLY | Libc.O_DIRECTORY);
    if (list < 0) {
      return list;
    }
    try {
      int result = tids.list(list, pause);
      for (int i = 0; i < tids.size(); i++) {
        pause.run();
        int tid = tids.number(i);
        int thread = tid == pid ? -Errno.ENOENT : proc.openTask(list, tid);
        if (thread >= 0) {
          try {
            visitor.visit(tid, thread);
          } finally {
            proc.libc().close(thread);
          }
        }
      }
      return result;
    } finally {
      proc.libc().close(list);
    }
  }
}
