package dev.nsmon.namespace;

import java.util.List;

/// What is known of a process beyond its namespaces. A number that is not known is -1, a text that
/// is not known is empty, and neither is ever shown.
///
/// Texts are as the process chose them, decoded from bytes with replacement; they are escaped where
/// they are shown, nowhere else.
///
/// @param startTicks start time in ticks of 10 ms since boot (`proc_pid_stat(5)` field 22); with
///   the pid it names the process
/// @param ppid pid of its parent; 0 for a process whose parent is outside the pid namespace
/// @param comm name of its main thread, at most 15 bytes
/// @param exe path of its program
/// @param uid real uid, in the reader's user namespace
/// @param nsPids its pid in the reader's pid namespace and in each nested one
///   (`proc_pid_status(5)`, `NSpid`)
/// @param cgroup its control group (`proc_pid_cgroup(5)`), which tells container and unit
/// @param called what a runtime calls that container, where one was asked
public record ProcessInfo(
    long startTicks,
    int ppid,
    String comm,
    String exe,
    int uid,
    List<Integer> nsPids,
    String cgroup,
    ContainerName called) {

  /// Of a process of which nothing has been read.
  public static final ProcessInfo UNKNOWN = new ProcessInfo(-1, -1, "", "", -1, List.of(), "");

  /// One whose container has no name.
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

  /// The same in a container that is called so.
  public ProcessInfo inContainer(ContainerName name) {
    return new ProcessInfo(startTicks, ppid, comm, exe, uid, nsPids, cgroup, name);
  }

  /// The same with what a record says of it, where nothing else is known.
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

  /// The same in another control group.
  public ProcessInfo withCgroup(String path) {
    return new ProcessInfo(startTicks, ppid, comm, exe, uid, nsPids, path);
  }

  /// The same process under the name that an exec gave it: what program it runs now is not known.
  public ProcessInfo executed(String name) {
    return new ProcessInfo(startTicks, ppid, name, "", uid, nsPids, cgroup, called);
  }
}
