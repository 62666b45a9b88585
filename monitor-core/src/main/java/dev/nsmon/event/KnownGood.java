package dev.nsmon.event;

import dev.nsmon.namespace.Namespace;
import dev.nsmon.namespace.NamespaceType;
import dev.nsmon.namespace.Task;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Trusted programs, whose joins are normal operation: those of the container runtimes, and others
/// that the operator names.
///
/// A program is recognized by its path, and only in the host's own pid namespace, which no process
/// can enter from below. Within a container any program can be named `/usr/bin/runc`. This remains
/// possible in a container that shares the host's pid namespace. An operator who runs such
/// containers may prefer [#NOBODY].
public final class KnownGood {
  /// An empty set: no program is trusted.
  public static final KnownGood NOBODY = new KnownGood(Set.of());

  private static final String DELETED = " (deleted)";

  private static final List<String> DIRECTORIES =
      List.of("/usr/bin/", "/usr/sbin/", "/usr/local/bin/", "/usr/local/sbin/", "/bin/", "/sbin/");

  private static final List<String> RUNTIMES =
      List.of(
          "runc",
          "crun",
          "youki",
          "runsc",
          "conmon",
          "podman",
          "buildah",
          "dockerd",
          "containerd",
          "containerd-shim-runc-v2",
          "crio",
          "lxc-start",
          "lxc-attach",
          "lxd",
          "incusd",
          "systemd-nspawn",
          "machinectl");

  /// runc runs from a sealed copy of itself, so that no container can overwrite it.
  private static final String RUNC_COPY = "/memfd:runc_cloned:/proc/self/exe";

  private final Set<String> programs;

  private KnownGood(Set<String> programs) {
    this.programs = programs;
  }

  /// The container runtimes, at the paths where distributions and vendors install them.
  public static KnownGood runtimes() {
    Set<String> programs = new HashSet<>(Set.of(RUNC_COPY));
    for (String directory : DIRECTORIES) {
      RUNTIMES.forEach(name -> programs.add(directory + name));
    }
    return new KnownGood(programs);
  }

  /// A copy with further programs.
  ///
  /// @param more absolute paths of programs
  public KnownGood and(Set<String> more) {
    Set<String> all = new HashSet<>(programs);
    all.addAll(more);
    return new KnownGood(all);
  }

  boolean includes(Task task) {
    if (Home.place(task.namespaces(), NamespaceType.PID).filter(Namespace::initial).isEmpty()) {
      return false;
    }
    String exe = task.info().exe();
    return programs.contains(
        exe.endsWith(DELETED) ? exe.substring(0, exe.length() - DELETED.length()) : exe);
  }
}
