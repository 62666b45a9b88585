package dev.nsmon.procfs;

import dev.nsmon.namespace.NamespaceLink;
import dev.nsmon.namespace.NamespaceType;
import dev.nsmon.push.Inodes;

/// The inodes of the initial namespaces (`linux/nsfs.h`), by the ordinal of their type.
final class InitialInodes {
  private final long[] byType = new long[NamespaceLink.MEMBERSHIPS];

  InitialInodes() {
    for (NamespaceType type : NamespaceType.values()) {
      byType[type.ordinal()] = type.initialInode();
    }
  }

  /// Takes this inode for the type's: before Linux 6.18 `mnt` and `net` have none reserved, and
  /// where kthreadd is in view it is there.
  void set(NamespaceType type, long inode) {
    byType[type.ordinal()] = inode;
  }

  long of(NamespaceType type) {
    return byType[type.ordinal()];
  }

  /// Whether all of these are theirs, or unknown.
  ///
  /// @param inodes by the ordinal of the link
  boolean areAll(long[] inodes) {
    for (int link = 0; link < NamespaceLink.COUNT; link++) {
      if (inodes[link] > 0 && inodes[link] != byType[NamespaceLink.at(link).type().ordinal()]) {
        return false;
      }
    }
    return true;
  }

  /// As they are now.
  Inodes now() {
    return new Inodes(byType);
  }
}
