package dev.nsmon.namespace;

/// What keeps a namespace alive without being a process in it (`namespaces(7)`, "Namespace
/// lifetime").
public sealed interface Holder {

  /// A bind mount of the nsfs file, as `ip netns add` makes it.
  ///
  /// @param path mount point, as seen in that mount namespace
  /// @param mountNamespace key of the mount namespace that has the mount
  record Mount(String path, String mountNamespace) implements Holder {}

  /// An open descriptor of the nsfs file.
  record Descriptor(int pid, int fd) implements Holder {}

  /// A socket that was made in this network namespace by a process which has since left it, or was
  /// handed over to one outside.
  record Socket(int pid, int fd) implements Holder {}

  /// A thread that sits in it while its process does not.
  record StrayThread(int pid, int tid) implements Holder {}

  /// A process whose future children will be in it (`pid_for_children`, `time_for_children`).
  record ForChildren(int pid) implements Holder {}

  /// A namespace that has this one as its parent or owner.
  record Child(String key) implements Holder {}
}
