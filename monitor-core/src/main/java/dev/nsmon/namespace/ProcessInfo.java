package dev.nsmon.namespace;

import java.util.List;

/// What is known of a process besides its namespaces. An unknown number is -1, an unknown text is
/// empty; both are omitted from output.
///
/// Texts are as the process chose them, decoded from bytes with replacement. They are escaped only
/// where they are written out.
///
/// @param startTicks start time in ticks of 10 ms since boot (`proc_pid_stat(5)` field 22); with
///   the pid it identifies the process
/// @param ppid pid of its parent; 0 for a process whose parent is outside the pid namespace
/// @param comm name of its main thread, at most 15 bytes
/// @param exe path of its program
/// @param uid real uid, in the reader's user namespace
/// @param nsPids its pid in the reader's pid namespace and in each nested one
///   (`proc_pid_status(5)`, `NSpid`)
/// @param cgroup path of its control group (`proc_pid_cgroup(5)`), from which container and unit
///   are read
/// @param called name of that container according to its runtime, if one was asked
public record ProcessInfo(
    long startTicks,
    int ppid,
    String comm,
    String exe,
    int uid,
    List<Integer> nsPids,
    String cgroup,
    ContainerName called) {

  /// The value for a process of which nothing has been read.
  public static final ProcessInfo UNKNOWN = new ProcessInfo(-1, -1, "", "", -1, List.of(), "");

  /// Information without the name of a container.
  public ProcessInfo(
      long startTicks,
      int ppid,
      String comm,
      String exe,
      int uid,
      List<Integer> nsPids,
      String cgroup) {
    this(startTicks, ppid, comm, exe, uid, nsPids, cgroup, ContainerName.NONE);
  }

  /// A copy with the name of the container.
  public ProcessInfo inContainer(ContainerName name) {
    return new ProcessInfo(startTicks, ppid, comm, exe, uid, nsPids, cgroup, name);
  }

  /// A copy with parent and name from a kernel record, where they are unknown so far.
  public ProcessInfo orElse(int parent, String name) {
    return new ProcessInfo(
        startTicks,
        ppid >= 0 ? ppid : parent,
        comm.isEmpty() ? name : comm,
        exe,
        uid,
        nsPids,
        cgroup,
        called);
  }

  /// A copy in another control group, with no name of a container.
  public ProcessInfo withCgroup(String path) {
    return new ProcessInfo(startTicks, ppid, comm, exe, uid, nsPids, path);
  }

  /// A copy after an exec: with the new name, and an unknown program path.
  public ProcessInfo executed(String name) {
    return new ProcessInfo(startTicks, ppid, name, "", uid, nsPids, cgroup, called);
  }
}
