package dev.nsmon.procfs;

import dev.nsmon.libc.Errno;
import dev.nsmon.libc.Libc;
import dev.nsmon.namespace.Ended;
import dev.nsmon.namespace.Evidence;
import dev.nsmon.namespace.Namespace;
import dev.nsmon.namespace.NamespaceLink;
import dev.nsmon.namespace.NamespaceSet;
import dev.nsmon.namespace.NamespaceType;
import dev.nsmon.procfs.Known.Place;
import java.lang.foreign.MemorySegment;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Every namespace that is known to exist, by inode, with its identity: asked once, when it is
/// first seen. All types draw their inodes from one pool, so an inode has at most one live
/// namespace.
final class NamespaceTable {
  private final ProcFs proc;
  private final NamespaceProbe probe;
  private final long[] initialInodes = new long[NamespaceLink.MEMBERSHIPS];

  private final Map<Long, Known> byInode = new HashMap<>();

  /// In the order of discovery, in which parents and owners come before what is below them.
  private final List<Known> all = new ArrayList<>();

  private final Map<Long, Integer> generations = new HashMap<>();
  private final Map<NamespaceSet, Place> places = new HashMap<>();

  /// The last place asked for in this look: most processes are where their neighbour is.
  private Place recent;

  private List<Namespace> namespaces = List.of();
  private boolean changed;

  private int look;
  private Instant time = Instant.EPOCH;
  private long ticks;

  NamespaceTable(ProcFs proc, NamespaceProbe probe) {
    this.proc = proc;
    this.probe = probe;
    for (NamespaceType type : NamespaceType.values()) {
      initialInodes[type.ordinal()] = type.initialInode();
    }
  }

  /// Takes this inode for the type's initial namespace: before Linux 6.18 `mnt` and `net` have none
  /// reserved, and where kthreadd is in view it is there.
  void setInitialInode(NamespaceType type, long inode) {
    initialInodes[type.ordinal()] = inode;
  }

  boolean hasKernelIds() {
    return probe.hasKernelIds();
  }

  /// A look begins.
  void begin(int look, Instant time, long ticks) {
    this.look = look;
    this.time = time;
    this.ticks = ticks;
    this.recent = null;
  }

  /// The place of a task with these inodes behind its links.
  ///
  /// @param exact whether to ask each namespace for its identity although an inode of that number
  ///   is known, because that one may be gone
  Place place(long[] inodes, int taskDirectory, NamespaceLinks links, boolean exact) {
    if (!exact && recent != null && recent.isAt(inodes) && !recent.hasGone()) {
      return recent;
    }
    Known[] known = new Known[NamespaceLink.COUNT];
    for (int link = 0; link < NamespaceLink.COUNT; link++) {
      if (inodes[link] <= 0) {
        continue;
      }
      Known old = known(NamespaceLink.at(link).type(), inodes[link]);
      known[link] =
          old != null && (!exact || old.namespace.initial())
              ? old
              : discover(
                  NamespaceLink.at(link).type(), inodes[link], taskDirectory, links.path(link));
    }
    Place place = new Place(known);
    recent = places.computeIfAbsent(place.set, _ -> place);
    return recent;
  }

  /// The namespace behind a path, asked from the kernel; null if it can't be opened now.
  private Known discover(NamespaceType type, long inode, int dirfd, MemorySegment path) {
    int fd = proc.open(dirfd, path, Libc.O_RDONLY);
    if (fd < 0) {
      return Errno.isDenied(fd) && stillReads(dirfd, path, inode)
          ? unopened(type, inode)
          : named(type, inode);
    }
    try {
      return discover(fd);
    } finally {
      proc.libc.close(fd);
    }
  }

  /// Reading a link and opening it need the same right. One that could be read and was then refused
  /// belongs to a task that has just ended, unless it can be read again.
  private boolean stillReads(int dirfd, MemorySegment path, long inode) {
    int length = proc.readLink(dirfd, path);
    return length > 0
        && NamespaceName.parse(proc.content(), 0, length)
            .filter(name -> name.inode() == inode)
            .isPresent();
  }

  /// A namespace whose name was read and which can't be opened now: the one that is known by it, or
  /// null. Without ids a name is all there is to know.
  Known named(NamespaceType type, long inode) {
    return probe.hasKernelIds() ? known(type, inode) : unopened(type, inode);
  }

  /// The namespace that is open here; null if the file is none. What its name said when it was read
  /// does not count: a descriptor's number may have been given to another file since.
  Known discover(int fd) {
    NamespaceType type = probe.type(fd).orElse(null);
    if (type == null) {
      return null;
    }
    long id = probe.hasKernelIds() ? probe.id(fd) : -1;
    long inode = probe.inode(fd);
    Known old = known(type, inode);
    if (old != null && (old.namespace.id() == id || id < 0 || old.namespace.id() < 0)) {
      if (old.gone) {
        // Its handle was stale and here it is: never again believe that handle.
        old.gone = false;
        old.trusted = false;
      }
      return old;
    }
    Known owner = related(probe.openOwner(fd));
    Known parent = type.hasParent() ? related(probe.openParent(fd)) : null;
    int ownerUid = type == NamespaceType.USER ? probe.ownerUid(fd) : -1;
    return add(type, inode, id, parent, owner, ownerUid);
  }

  private Known related(int fd) {
    if (fd < 0) {
      return null;
    }
    try {
      return discover(fd);
    } finally {
      proc.libc.close(fd);
    }
  }

  /// A namespace whose name was read and which could not be opened.
  Known unopened(NamespaceType type, long inode) {
    Known old = known(type, inode);
    return old != null ? old : add(type, inode, -1, null, null, -1);
  }

  /// One pool of inodes: where another type has this one now, the namespace that had it has ended.
  private Known known(NamespaceType type, long inode) {
    Known old = byInode.get(inode);
    return old != null && old.namespace.type() == type ? old : null;
  }

  private Known add(
      NamespaceType type, long inode, long id, Known parent, Known owner, int ownerUid) {
    Known old = byInode.get(inode);
    if (old != null) {
      old.gone = true;
    }
    int generation = id >= 0 ? 0 : generations.merge(inode, 1, Integer::sum);
    Namespace namespace =
        new Namespace(
            type,
            inode,
            id,
            id >= 0 ? Namespace.keyOfId(type, id) : Namespace.keyOfInode(type, inode, generation),
            inode == initialInodes[type.ordinal()],
            parent == null ? "" : parent.namespace.key(),
            owner == null ? "" : owner.namespace.key(),
            ownerUid,
            look == 1 ? Optional.empty() : Optional.of(time));
    Known known = new Known(namespace, look, ticks);
    known.parent = parent;
    known.owner = owner;
    adopt(known, 1);
    known.trusted = id >= 0 && probe.life(type, inode, id) == NamespaceProbe.Life.ALIVE;
    byInode.put(inode, known);
    all.add(known);
    changed = true;
    return known;
  }

  private static void adopt(Known child, int by) {
    if (child.parent != null) {
      child.parent.children += by;
    }
    if (child.owner != null && child.owner != child.parent) {
      child.owner.children += by;
    }
  }

  Collection<Known> all() {
    return all;
  }

  Collection<Place> places() {
    return places.values();
  }

  /// Whether a namespace was added or ended since [#namespaces()] was asked last.
  boolean changed() {
    return changed;
  }

  /// Asks after every namespace that nothing in this look has vouched for; whether any is gone.
  boolean verify() {
    boolean anyGone = false;
    for (int i = 0; i < all.size(); i++) {
      Known known = all.get(i);
      if (known.vouched == look || known.namespace.initial() || known.gone) {
        anyGone |= known.gone;
      } else if (known.trusted) {
        Namespace namespace = known.namespace;
        switch (probe.life(namespace.type(), namespace.inode(), namespace.id())) {
          case ALIVE -> known.vouch(look);
          case GONE -> known.gone = true;
          case UNKNOWN -> {}
        }
        anyGone |= known.gone;
      }
    }
    return anyGone;
  }

  /// Whether the life of any can't be asked and has not been shown in this look.
  boolean hasDoubtful() {
    for (Known known : all) {
      if (!known.trusted && !known.namespace.initial() && known.vouched != look) {
        return true;
      }
    }
    return false;
  }

  /// Forgets what is gone, save what this very look has discovered: that is told first, and ends
  /// with the next look.
  List<Ended> removeGone(Collection<Known> unheld) {
    List<Ended> ended = new ArrayList<>();
    for (int i = all.size() - 1; i >= 0; i--) {
      Known known = all.get(i);
      boolean byId = known.gone && known.discovered != look;
      if (byId || unheld.contains(known)) {
        ended.add(
            new Ended(
                known.namespace,
                byId && known.namespace.id() >= 0 ? Evidence.KERNEL_ID_GONE : Evidence.NO_HOLDER,
                Optional.ofNullable(known.lastMember)));
        byInode.remove(known.namespace.inode(), known);
        adopt(known, -1);
        known.gone = true;
      }
    }
    if (!ended.isEmpty()) {
      all.removeIf(known -> known.gone && known.discovered != look);
      places.values().removeIf(Place::hasGone);
      changed = true;
    }
    return ended;
  }

  /// All that exist, in order of discovery; the same list as before while nothing has changed.
  List<Namespace> namespaces() {
    if (changed) {
      namespaces = all.stream().map(known -> known.namespace).toList();
      changed = false;
    }
    return namespaces;
  }
}
