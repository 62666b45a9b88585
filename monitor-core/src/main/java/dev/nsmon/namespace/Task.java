package dev.nsmon.namespace;

/// One row of a scan: a process, or a thread whose namespaces differ from its process's. Immutable.
/// A row that has not changed since the previous scan is the same instance, which makes comparing
/// two scans cheap.
///
/// @param pid the process (thread group)
/// @param tid the thread, or 0 for the process itself
/// @param instance number of this process among all that the scanner has seen, which distinguishes
///   processes that had the same pid one after the other. It is internal to the monitor.
/// @param state what could be read
/// @param namespaces the namespaces that it is in
/// @param info what else is known; [ProcessInfo#UNKNOWN] for a process in the initial namespaces
///   only, because reading it would cost as much as reading its namespaces
public record Task(
    int pid, int tid, long instance, State state, NamespaceSet namespaces, ProcessInfo info) {

  /// What a scan could read of a task.
  public enum State {
    /// Everything was read.
    LIVE,
    /// It has exited and was not reaped. Its last known namespaces remain in the row until the pid
    /// is gone. It keeps only its pid and user namespace alive.
    ZOMBIE,
    /// The kernel denied access (EACCES): its namespaces are unknown.
    DENIED
  }

  /// True if both rows are of the same process or thread.
  public boolean sameTask(Task other) {
    return pid == other.pid && tid == other.tid && instance == other.instance;
  }

  /// A copy with this information.
  public Task with(ProcessInfo other) {
    return new Task(pid, tid, instance, state, namespaces, other);
  }

  /// The order of rows in a snapshot: by pid, a process before its threads.
  public int compareRow(Task other) {
    int byPid = Integer.compare(pid, other.pid);
    return byPid != 0 ? byPid : Integer.compare(tid, other.tid);
  }
}
