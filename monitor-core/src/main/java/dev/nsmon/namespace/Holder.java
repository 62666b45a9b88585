package dev.nsmon.namespace;

/// An object other than a member process that keeps a namespace alive (`namespaces(7)`, "Namespace
/// lifetime").
public sealed interface Holder {

  /// A bind mount of the nsfs file, as `ip netns add` creates it.
  ///
  /// @param path mount point, as seen in that mount namespace
  /// @param mountNamespace key of the mount namespace that has the mount
  record Mount(String path, String mountNamespace) implements Holder {}

  /// An open descriptor of the nsfs file.
  record Descriptor(int pid, int fd) implements Holder {}

  /// A socket of this network namespace in a process that is not a member. The process has left the
  /// namespace since it created the socket, or has received the socket from another.
  record Socket(int pid, int fd) implements Holder {}

  /// A thread that is a member while its process's main thread is not.
  record StrayThread(int pid, int tid) implements Holder {}

  /// A process whose future children will be in it (`pid_for_children`, `time_for_children`).
  record ForChildren(int pid) implements Holder {}

  /// A namespace that has this one as its parent or owner.
  record Child(String key) implements Holder {}
}
