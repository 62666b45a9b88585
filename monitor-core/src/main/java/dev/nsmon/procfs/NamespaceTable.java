package dev.nsmon.procfs;

import dev.nsmon.libc.Errno;
import dev.nsmon.libc.Libc;
import dev.nsmon.namespace.Ended;
import dev.nsmon.namespace.Evidence;
import dev.nsmon.namespace.Namespace;
import dev.nsmon.namespace.NamespaceLink;
import dev.nsmon.namespace.NamespaceSet;
import dev.nsmon.namespace.NamespaceType;
import dev.nsmon.namespace.Task;
import dev.nsmon.procfs.Known.Place;
import dev.nsmon.push.Inodes;
import java.lang.foreign.MemorySegment;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

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

  /// Since they were taken last.
  private final List<Namespace> born = new ArrayList<>();

  private final List<Ended> ended = new ArrayList<>();
  private final List<Known> deserted = new ArrayList<>();

  private long seenBorn;
  private int look;
  private boolean stepping;

  /// Whether what was there at the end of an earlier run is known.
  private boolean resumed;

  /// What generations of inodes begin after.
  private int earlierGenerations;

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

  /// The inodes of the initial namespaces.
  Inodes initialInodes() {
    return new Inodes(initialInodes);
  }

  /// How many with an id have come into view after the first look.
  long seenBorn() {
    return seenBorn;
  }

  boolean hasKernelIds() {
    return probe.hasKernelIds();
  }

  /// Takes in what was there at the end of an earlier run in this boot. What of it has ended since
  /// the first look finds out, as any look does.
  ///
  /// @param earlier parents and owners first
  /// @param generation the highest that was used for a key
  /// @param lastMembers by key, the task that was last seen in it
  /// @param shown keys of those that a process is in which was in them then
  /// @param now ticks since boot
  void resume(
      List<Namespace> earlier,
      int generation,
      Map<String, Task> lastMembers,
      Set<String> shown,
      long now) {
    resumed = true;
    earlierGenerations = generation;
    Map<String, Known> byKey = new HashMap<>();
    for (Namespace namespace : earlier) {
      Known known = new Known(namespace, 0, now);
      known.parent = byKey.get(namespace.parent());
      known.owner = byKey.get(namespace.owner());
      adopt(known, 1);
      // A handle that is stale by now proves the end as well as one that becomes so later.
      known.trusted = namespace.id() >= 0 && probe.life(namespace) != NamespaceProbe.Life.UNKNOWN;
      known.lastMember = lastMembers.get(namespace.key());
      known.unshown =
          namespace.id() < 0 && !namespace.initial() && !shown.contains(namespace.key());
      byKey.put(namespace.key(), known);
      byInode.put(namespace.inode(), known);
      all.add(known);
    }
    changed = true;
  }

  /// A step between two looks begins.
  void beginStep(int look, Instant time, long ticks) {
    begin(look, time, ticks);
    stepping = true;
  }

  /// A look begins.
  void begin(int look, Instant time, long ticks) {
    this.stepping = false;
    this.look = look;
    this.time = time;
    this.ticks = ticks;
    this.recent = null;
  }

  /// What happens from here on happened at this time.
  void at(Instant now) {
    this.time = now;
  }

  /// The initial namespaces, as far as they have been seen.
  Place initialPlace() {
    Known[] known = new Known[NamespaceLink.COUNT];
    for (int link = 0; link < NamespaceLink.COUNT; link++) {
      NamespaceType type = NamespaceLink.at(link).type();
      known[link] = known(type, initialInodes[type.ordinal()]);
    }
    return intern(known);
  }

  /// Whether all of these are inodes of initial namespaces, or unknown.
  boolean isInitial(long[] inodes) {
    for (int link = 0; link < NamespaceLink.COUNT; link++) {
      if (inodes[link] > 0
          && inodes[link] != initialInodes[NamespaceLink.at(link).type().ordinal()]) {
        return false;
      }
    }
    return true;
  }

  /// The one place that has these.
  Place intern(Known[] known) {
    Place place = new Place(known);
    return places.computeIfAbsent(place.set, _ -> place);
  }

  /// Asks an open namespace that was told without its id for it, and for its relations.
  void learn(Known known, int fd) {
    long id = probe.id(fd);
    if (id < 0) {
      return;
    }
    Namespace old = known.namespace;
    known.owner = related(probe.openOwner(fd));
    known.parent = old.type().hasParent() ? related(probe.openParent(fd)) : null;
    adopt(known, 1);
    known.namespace =
        old.learned(
            id,
            key(known.parent),
            key(known.owner),
            old.type() == NamespaceType.USER ? probe.ownerUid(fd) : -1);
    known.trusted = probe.isAlive(known.namespace);
    changed = true;
  }

  private static String key(Known known) {
    return known == null ? "" : known.namespace.key();
  }

  /// It has ended, which is now to be told.
  void end(Known known, Evidence evidence) {
    ended.add(new Ended(known.namespace, evidence, Optional.ofNullable(known.lastMember)));
    if (known.hasMembers()) {
      deserted.add(known);
    }
    byInode.remove(known.namespace.inode(), known);
    adopt(known, -1);
    known.gone = true;
    known.ended = true;
    changed = true;
  }

  /// Whether any has come into view, or ended, that was not taken.
  boolean hasUntold() {
    return !born.isEmpty() || !ended.isEmpty();
  }

  /// Another has its inode now.
  void endReplaced(Known known) {
    boolean stale = known.trusted && probe.life(known.namespace) == NamespaceProbe.Life.GONE;
    end(known, stale ? Evidence.KERNEL_ID_GONE : Evidence.INODE_REUSED);
  }

  /// What has come into view since this was asked last, parents and owners first.
  List<Namespace> takeBorn() {
    List<Namespace> taken = List.copyOf(born);
    born.clear();
    return taken;
  }

  /// What has ended since this was asked last, or since a look told it.
  List<Ended> takeEnded() {
    List<Ended> taken = List.copyOf(ended);
    ended.clear();
    deserted.clear();
    return taken;
  }

  /// Those among them that rows are still counted in, whose tasks are elsewhere or gone by now.
  List<Known> takeDeserted() {
    List<Known> taken = List.copyOf(deserted);
    deserted.clear();
    return taken;
  }

  /// Forgets what has ended and was told.
  void forgetEnded() {
    if (all.removeIf(known -> known.ended)) {
      places.values().removeIf(Place::hasGone);
    }
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
    recent = intern(known);
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
      endUnshown(type, inode);
      return discover(fd);
    } finally {
      proc.libc.close(fd);
    }
  }

  /// What an earlier run could not ask for its id, and none of whose members is left, has given its
  /// inode away, as such short lives do: it is not what a process is in now.
  private void endUnshown(NamespaceType type, long inode) {
    Known old = known(type, inode);
    if (old != null && old.unshown && probe.hasKernelIds()) {
      old.gone = true;
      byInode.remove(inode);
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
    if (old != null && old.namespace.id() < 0 && id >= 0) {
      // Had its inode been given to another, the record of that would have told.
      learn(old, fd);
    }
    if (old != null && (old.namespace.id() == id || id < 0)) {
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
    int before = all.size();
    try {
      Known known = discover(fd);
      if (known != null && all.size() > before) {
        known.seenInPassing = stepping;
      }
      return known;
    } finally {
      proc.libc.close(fd);
    }
  }

  /// A namespace whose name was read and which could not be opened.
  Known unopened(NamespaceType type, long inode) {
    Known old = known(type, inode);
    return old != null ? old : add(type, inode, -1, null, null, -1);
  }

  /// What has this inode; null if it is not known.
  Known byInode(long inode) {
    return byInode.get(inode);
  }

  /// One pool of inodes: where another type has this one now, the namespace that had it has ended.
  private Known known(NamespaceType type, long inode) {
    Known old = byInode.get(inode);
    return old != null && old.namespace.type() == type ? old : null;
  }

  private Known add(
      NamespaceType type, long inode, long id, Known parent, Known owner, int ownerUid) {
    Known old = byInode.get(inode);
    if (old != null && stepping) {
      endReplaced(old);
    } else if (old != null) {
      old.gone = true;
    }
    int generation =
        id >= 0 ? 0 : generations.merge(inode, earlierGenerations + 1, (last, _) -> last + 1);
    Namespace namespace =
        new Namespace(
            type,
            inode,
            id,
            id >= 0 ? Namespace.keyOfId(type, id) : Namespace.keyOfInode(type, inode, generation),
            inode == initialInodes[type.ordinal()],
            key(parent),
            key(owner),
            ownerUid,
            look == 1 && !resumed ? Optional.empty() : Optional.of(time));
    Known known = new Known(namespace, look, ticks);
    known.parent = parent;
    known.owner = owner;
    adopt(known, 1);
    known.trusted = id >= 0 && probe.isAlive(namespace);
    byInode.put(inode, known);
    all.add(known);
    born.add(namespace);
    seenBorn += look > 1 && id >= 0 ? 1 : 0;
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

  List<Known> all() {
    return all;
  }

  Collection<Place> places() {
    return places.values();
  }

  /// Whether a namespace was added or ended since [#namespaces()] was asked last.
  boolean changed() {
    return changed;
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
