package dev.nsmon.namespace;

/// One row of a look: a process, or a thread that sits elsewhere than its process. Immutable; a row
/// that has not changed since the look before is the same instance, which is what makes comparing
/// two looks cheap.
///
/// @param pid the process (thread group)
/// @param tid the thread, or 0 for the process itself
/// @param instance number of this process among all that the scanner has seen: two processes that
///   had the same pid one after the other differ in it. It never leaves the monitor.
/// @param state what could be read
/// @param namespaces where it is
/// @param info what else is known; [ProcessInfo#UNKNOWN] for one that merely lives in the initial
///   namespaces, because reading it would cost as much as reading its namespaces
public record Task(
    int pid, int tid, long instance, State state, NamespaceSet namespaces, ProcessInfo info) {

  /// What a look could read of a task.
  public enum State {
    /// All of it.
    LIVE,
    /// It has exited and waits for its parent. Its last known namespaces stand until the pid is
    /// gone; it keeps no namespace alive but its pid and user namespace.
    ZOMBIE,
    /// The kernel refused (EACCES): it may be anywhere.
    DENIED
  }

  /// Whether both rows are of one and the same process or thread.
  public boolean sameTask(Task other) {
    return pid == other.pid && tid == other.tid && instance == other.instance;
  }

  /// The same, of which this is known.
  public Task with(ProcessInfo other) {
    return new Task(pid, tid, instance, state, namespaces, other);
  }

  /// The order of rows in a look: by pid, a process before its threads.
  public int compareRow(Task other) {
    int byPid = Integer.compare(pid, other.pid);
    return byPid != 0 ? byPid : Integer.compare(tid, other.tid);
  }
}
