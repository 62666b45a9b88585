package dev.nsmon.push;

/// What the kernel reported of one task, at the moment it happened. Ids are those of the initial
/// pid namespace.
public sealed interface KernelRecord {

  /// When it happened, by CLOCK_MONOTONIC, which is [dev.nsmon.namespace.HostClock#nanoTime()].
  long nanos();

  /// The process (thread group).
  int pid();

  /// The thread; the pid for a main thread.
  int tid();

  /// A task has begun: a process if tid is pid, else a thread.
  ///
  /// @param parent the process that forked it
  /// @param comm its name, which is its parent's; empty if it is not known
  /// @param inodes where it began; [Inodes#NONE] if the source does not tell
  record Forked(long nanos, int pid, int tid, int parent, String comm, Inodes inodes)
      implements KernelRecord {}

  /// A thread has called `unshare(2)` or `setns(2)`.
  ///
  /// @param parent the process that forked its process; -1 if it is not known
  /// @param comm its name; empty if it is not known
  /// @param inodes where it is now. They are as before where it changed what no record names: its
  ///   time namespace, or those of its children.
  record Moved(long nanos, int pid, int tid, int parent, String comm, Inodes inodes)
      implements KernelRecord {}

  /// A process runs another program.
  ///
  /// @param comm its name; empty if the source does not tell
  record Executed(long nanos, int pid, int tid, String comm) implements KernelRecord {}

  /// A thread has exited. The process has when all its threads have.
  record Exited(long nanos, int pid, int tid) implements KernelRecord {}
}
