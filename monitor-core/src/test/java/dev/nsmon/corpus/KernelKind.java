package dev.nsmon.corpus;

/// The kernels that a scenario runs on, as far as they differ in what they answer.
public enum KernelKind {
  /// No ids: a namespace is known by its inode, which is used again. `mnt` and `net` have no
  /// reserved inode (Linux 5.10).
  NO_IDS,

  /// Ids and handles; each CPU hands out ids of a batch of its own (Linux 6.18).
  IDS,

  /// A handle opens only while the namespace is active: a network namespace that only a socket
  /// holds is not. Ids come from one counter (Linux 6.19).
  ACTIVE_IDS;

  /// Whether namespaces have ids and handles.
  public boolean hasIds() {
    return this != NO_IDS;
  }
}
