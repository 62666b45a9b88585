package dev.nsmon.procfs;

import dev.nsmon.namespace.NamespaceType;
import dev.nsmon.proc.NamespaceProbe;
import dev.nsmon.proc.ProcFs;

/// Finds out from what a namespace belongs to that it is younger than a record which named one of
/// its inode.
///
/// A task is asked for what a record named when it may have gone on since, and come into another
/// namespace that happens to have the same inode. Whoever makes a user or pid namespace is in it,
/// or has a child in it, which a record says before any other names what belongs to it. So what
/// belongs to one that is not known yet is younger, and so is that. To take it for the one that was
/// named would end what others are in before they have left it, or tell the beginning of what has
/// the inode of others first.
final class Ancestry {
  private final ProcFs proc;
  private final NamespaceTable table;
  private final NamespaceProbe probe;

  Ancestry(ProcFs proc, NamespaceTable table, NamespaceProbe probe) {
    this.proc = proc;
    this.table = table;
    this.probe = probe;
  }

  /// Whether the open namespace can't be the one that a record with these inodes named.
  ///
  /// @param inodes one for each link
  boolean isYounger(int fd, NamespaceType type, long[] inodes) {
    // A user namespace is owned by its parent: to go both ways would be to go each of 32 twice.
    return isYounger(probe.openOwner(fd), inodes, NamespaceType.USER)
        || (type == NamespaceType.PID && isYounger(probe.openParent(fd), inodes, type));
  }

  /// @param fd an owner or a parent, which this closes; below zero if there is none to be seen
  private boolean isYounger(int fd, long[] inodes, NamespaceType type) {
    if (fd < 0) {
      return false;
    }
    try {
      long inode = probe.inode(fd);
      Known known = table.byInode(inode);
      if (known != null && known.namespace.type() == type && hasId(known, fd)) {
        return false; // So is all that it belongs to.
      }
      return (known != null && known.isKept())
          || inodes[type.ordinal()] != inode
          || isYounger(fd, type, inodes);
    } finally {
      proc.libc().close(fd);
    }
  }

  /// Whether it is that one, as far as is known.
  private boolean hasId(Known known, int fd) {
    return known.namespace.id() < 0 || known.namespace.id() == probe.id(fd);
  }
}
