package dev.nsmon.push;

/// A kernel record about one task, made at the moment of the event. Ids are those of the initial
/// pid namespace.
public sealed interface KernelRecord {

  /// Time of the event by CLOCK_MONOTONIC, which is [dev.nsmon.namespace.HostClock#nanoTime()].
  long nanos();

  /// The process id (thread group id).
  int pid();

  /// The thread id; equal to [#pid] for a main thread.
  int tid();

  /// A task has begun: a process if `tid` equals `pid`, else a thread.
  ///
  /// @param parent the parent process; for a thread its own process. With CLONE_PARENT, perf
  ///   reports the process that called `clone(2)`, and the proc connector that process's parent.
  /// @param comm its name, inherited from its creator; empty if unknown
  /// @param inodes its namespaces; [Inodes#NONE] if the source does not name them
  record Forked(long nanos, int pid, int tid, int parent, String comm, Inodes inodes)
      implements KernelRecord {}

  /// A thread has called `unshare(2)` or `setns(2)`.
  ///
  /// @param parent the process that forked its process; -1 if unknown
  /// @param comm its process's name; empty if unknown
  /// @param inodes its namespaces after the call. They are unchanged if the call changed only what
  ///   no record names: its time namespace, or the namespaces of its future children.
  record Moved(long nanos, int pid, int tid, int parent, String comm, Inodes inodes)
      implements KernelRecord {}

  /// A process has called `execve(2)`.
  ///
  /// @param comm its new name; empty if the source does not report names
  record Executed(long nanos, int pid, int tid, String comm) implements KernelRecord {}

  /// A thread has exited. A process has exited when all its threads have.
  record Exited(long nanos, int pid, int tid) implements KernelRecord {}
}
