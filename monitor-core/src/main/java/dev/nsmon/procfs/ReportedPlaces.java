package dev.nsmon.procfs;

import dev.nsmon.libc.Libc;
import dev.nsmon.namespace.NamespaceLink;
import dev.nsmon.namespace.NamespaceType;
import dev.nsmon.proc.NamespaceLinks;
import dev.nsmon.proc.NamespaceProbe;
import dev.nsmon.proc.ProcFs;
import dev.nsmon.procfs.Known.Place;
import java.lang.foreign.MemorySegment;

/// Finds out which namespaces the inodes of a kernel record mean. An inode names whoever has it at
/// that moment, so this must be asked record by record, each after all before it were taken in.
final class ReportedPlaces {
  private final ProcFs proc;
  private final NamespaceProbe probe;
  private final NamespaceTable table;
  private final Discovery discovery;
  private final Places places;
  private final Ancestry ancestry;

  ReportedPlaces(
      ProcFs proc, NamespaceProbe probe, NamespaceTable table, Discovery discovery, Places places) {
    this.proc = proc;
    this.table = table;
    this.discovery = discovery;
    this.places = places;
    this.probe = probe;
    this.ancestry = new Ancestry(proc, table, probe);
  }

  /// The place of a task that the kernel reported to be at these inodes, when all that it reported
  /// before has been taken in: an inode whose namespace has lost its last member may have been
  /// given to another since.
  ///
  /// @param from where it was before, or where its parent is: it is still in those of the same
  ///   inode
  /// @param witness finds who can show a namespace, to ask it for its id
  Place find(long[] inodes, Place from, NamespaceLinks links, Witness witness) {
    Known[] known = new Known[NamespaceLink.COUNT];
    for (int link = 0; link < NamespaceLink.COUNT; link++) {
      NamespaceLink at = NamespaceLink.at(link);
      int own = at.type().ordinal();
      if (inodes[link] > 0) {
        known[link] =
            link != own && inodes[link] == inodes[own]
                ? known[own]
                : isSame(from.known[own], inodes[link])
                    ? learned(from.known[own], at, inodes, links.path(link), witness)
                    : find(at, inodes, links.path(link), witness);
      }
    }
    return places.intern(known);
  }

  /// Whether this is still the namespace that it was.
  private static boolean isSame(Known known, long inode) {
    return known != null && known.namespace.inode() == inode && !known.ended;
  }

  /// Asks a namespace for its id that could not be asked when it was told.
  private Known learned(
      Known known, NamespaceLink link, long[] inodes, MemorySegment path, Witness witness) {
    if (known.namespace.id() < 0 && probe.hasKernelIds()) {
      int fd = open(link, inodes, path, witness);
      if (fd >= 0) {
        discovery.learn(known, fd);
        proc.libc().close(fd);
      }
    }
    return known;
  }

  /// What is behind this link of a task that is there now, if it can be what the record named: a
  /// descriptor, below zero if not.
  private int open(NamespaceLink link, long[] inodes, MemorySegment path, Witness witness) {
    int directory = witness.directory(link, inodes[link.ordinal()]);
    int fd = directory < 0 ? directory : proc.open(directory, path, Libc.O_RDONLY);
    if (fd < 0) {
      return fd;
    }
    // It may have moved on, and its next record says where.
    boolean same = probe.inode(fd) == inodes[link.ordinal()];
    if (same && !ancestry.isYounger(fd, link.type(), inodes)) {
      return fd;
    }
    proc.libc().close(fd);
    return -1;
  }

  /// Finds a task that is in a namespace now.
  interface Witness {
    /// Its open directory, below zero if there is none.
    int directory(NamespaceLink link, long inode);

    /// Whether all who are known to be in it have left it already, although their records are yet
    /// to come.
    ///
    /// @param gone whether it is gone by now
    boolean isDeserted(Known known, boolean gone);
  }

  private Known find(NamespaceLink link, long[] inodes, MemorySegment path, Witness witness) {
    NamespaceType type = link.type();
    long inode = inodes[link.ordinal()];
    Known old = table.byInode(inode);
    if (old != null && old.namespace.initial()) {
      return old;
    }
    int fd = isSure(old, type) ? -1 : open(link, inodes, path, witness);
    try {
      if (old != null && !isStill(old, type, fd, witness)) {
        table.endReplaced(old);
        old = null;
      }
      if (old != null) {
        if (old.namespace.id() < 0 && fd >= 0) {
          discovery.learn(old, fd);
        }
        return old;
      }
      Known found = fd < 0 ? null : discovery.discover(fd);
      return found == null ? discovery.unopened(type, inode) : found;
    } finally {
      if (fd >= 0) {
        proc.libc().close(fd);
      }
    }
  }

  /// Whether it need not be asked: nobody is in it, and its handle tells more than another's link.
  private boolean isSure(Known old, NamespaceType type) {
    return old != null && old.namespace.type() == type && old.trusted && !old.isKept();
  }

  /// Whether the namespace that was known by this inode is still the one that has it.
  ///
  /// @param fd what has the inode now; below zero if it can't be opened
  private boolean isStill(Known known, NamespaceType type, int fd, Witness witness) {
    if (known.namespace.type() != type) {
      return false;
    }
    if (fd >= 0 && known.namespace.id() >= 0) {
      return probe.id(fd) == known.namespace.id();
    }
    boolean stale = known.trusted && probe.life(known.namespace) == NamespaceProbe.Life.GONE;
    boolean isHeld = known.children > 0 || !known.found.isEmpty();
    if (known.isKept()) {
      // A handle that is stale by now proves nothing of the time of the record; one that opens
      // does.
      boolean alive = known.trusted && !stale;
      return alive || isHeld || !witness.isDeserted(known, stale);
    }
    return known.trusted ? !stale : isHeld;
  }
}
