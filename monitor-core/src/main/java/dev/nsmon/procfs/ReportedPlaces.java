package dev.nsmon.procfs;

import dev.nsmon.libc.Libc;
import dev.nsmon.namespace.Evidence;
import dev.nsmon.namespace.NamespaceLink;
import dev.nsmon.namespace.NamespaceType;
import dev.nsmon.procfs.Known.Place;
import java.lang.foreign.MemorySegment;

/// Finds out which namespaces the inodes of a kernel record mean. An inode names whoever has it at
/// that moment, so this must be asked record by record, each after all before it were taken in.
final class ReportedPlaces {
  private final ProcFs proc;
  private final NamespaceTable table;
  private final NamespaceProbe probe;

  ReportedPlaces(ProcFs proc, NamespaceTable table, NamespaceProbe probe) {
    this.proc = proc;
    this.table = table;
    this.probe = probe;
  }

  /// The place of a task that the kernel reported to be at these inodes, when all that it reported
  /// before has been taken in: an inode whose namespace has lost its last member may have been
  /// given to another since.
  ///
  /// @param witness finds who can show a namespace, to ask it for its id
  Place find(long[] inodes, NamespaceLinks links, Witness witness) {
    Known[] known = new Known[NamespaceLink.COUNT];
    for (int link = 0; link < NamespaceLink.COUNT; link++) {
      NamespaceLink at = NamespaceLink.at(link);
      int own = at.type().ordinal();
      if (inodes[link] > 0) {
        known[link] =
            link != own && inodes[link] == inodes[own]
                ? known[own]
                : find(at, inodes[link], links.path(link), witness);
      }
    }
    return table.intern(known);
  }

  /// Finds a task that is in a namespace now.
  interface Witness {
    /// Its open directory, below zero if there is none.
    int directory(NamespaceLink link, long inode);
  }

  private Known find(NamespaceLink link, long inode, MemorySegment path, Witness witness) {
    NamespaceType type = link.type();
    Known old = table.byInode(inode);
    if (old != null && (old.namespace.type() != type || !hasStayed(old))) {
      table.end(old, old.gone ? Evidence.KERNEL_ID_GONE : Evidence.INODE_REUSED);
      old = null;
    }
    boolean unasked = old != null && old.namespace.id() < 0 && probe.hasKernelIds();
    if (old != null && !unasked) {
      return old;
    }
    int directory = witness.directory(link, inode);
    int fd = directory < 0 ? directory : proc.open(directory, path, Libc.O_RDONLY);
    if (fd < 0) {
      return old != null ? old : table.unopened(type, inode);
    }
    try {
      if (probe.inode(fd) != inode) {
        // It has moved on, and its next record says where.
        return old != null ? old : table.unopened(type, inode);
      }
      if (old != null) {
        long id = probe.id(fd);
        if (id >= 0) {
          table.learn(old, id);
        }
        return old;
      }
      Known found = table.discover(fd);
      return found == null ? table.unopened(type, inode) : found;
    } finally {
      proc.libc.close(fd);
    }
  }

  /// Whether the namespace that was known by this inode is still the one that has it.
  private boolean hasStayed(Known known) {
    if (known.namespace.initial() || known.isKept()) {
      return true;
    }
    if (known.trusted) {
      known.gone = probe.life(known.namespace) == NamespaceProbe.Life.GONE;
      return !known.gone;
    }
    return known.children > 0 || !known.found.isEmpty();
  }
}
