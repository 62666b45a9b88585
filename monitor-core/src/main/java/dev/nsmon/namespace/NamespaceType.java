package dev.nsmon.namespace;

import java.util.Optional;

/// The eight types of Linux namespace, by the names in `/proc/PID/ns` (`namespaces(7)`), in
/// alphabetical order.
///
/// `initialInode` is the inode number that `linux/nsfs.h` and `linux/proc_ns.h` reserve for the
/// namespace that exists since boot. `mnt` and `net` have a reserved number only since Linux 6.18.
/// Before that, their initial inodes are allocated at boot like any other.
public enum NamespaceType {
  CGROUP("cgroup", 0x0200_0000, 0xEFFF_FFFBL),
  IPC("ipc", 0x0800_0000, 0xEFFF_FFFFL),
  MNT("mnt", 0x0002_0000, 0xEFFF_FFF8L),
  NET("net", 0x4000_0000, 0xEFFF_FFF9L),
  PID("pid", 0x2000_0000, 0xEFFF_FFFCL),
  TIME("time", 0x0000_0080, 0xEFFF_FFFAL),
  USER("user", 0x1000_0000, 0xEFFF_FFFDL),
  UTS("uts", 0x0400_0000, 0xEFFF_FFFEL);

  private static final NamespaceType[] VALUES = values();

  private final String kernelName;
  private final int cloneFlag;
  private final long initialInode;

  NamespaceType(String kernelName, int cloneFlag, long initialInode) {
    this.kernelName = kernelName;
    this.cloneFlag = cloneFlag;
    this.initialInode = initialInode;
  }

  /// The name in `/proc/PID/ns`, such as `net`.
  public String kernelName() {
    return kernelName;
  }

  /// The `CLONE_NEW*` flag of the type, which also identifies it in nsfs file handles.
  public int cloneFlag() {
    return cloneFlag;
  }

  /// The inode number reserved for the namespace that exists since boot.
  public long initialInode() {
    return initialInode;
  }

  /// True if namespaces of this type form a hierarchy (`ioctl_nsfs(2)`, `NS_GET_PARENT`).
  public boolean hasParent() {
    return this == PID || this == USER;
  }

  /// The type with this kernel name; empty if there is none.
  public static Optional<NamespaceType> byKernelName(String name) {
    for (NamespaceType type : VALUES) {
      if (type.kernelName.equals(name)) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }

  @Override
  public String toString() {
    return kernelName;
  }
}
