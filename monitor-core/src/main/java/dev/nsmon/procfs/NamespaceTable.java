package dev.nsmon.procfs;

import dev.nsmon.namespace.Evidence;
import dev.nsmon.namespace.Namespace;
import dev.nsmon.namespace.NamespaceType;
import dev.nsmon.namespace.Task;
import dev.nsmon.proc.NamespaceProbe;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Every namespace that is known to exist, by inode, with its identity: asked once, when it is
/// first seen. All types draw their inodes from one pool, so an inode has at most one live
/// namespace.
final class NamespaceTable {
  private final NamespaceProbe probe;
  private final InitialInodes initialInodes = new InitialInodes();

  private final Map<Long, Known> byInode = new HashMap<>();

  /// In the order of discovery, in which parents and owners come before what is below them.
  private final List<Known> all = new ArrayList<>();

  private final Map<Long, Integer> generations = new HashMap<>();

  private List<Namespace> namespaces = List.of();
  private boolean changed;

  private final Untold untold = new Untold();

  private long seenBorn;
  private int look;
  private boolean stepping;

  /// Whether what was there at the end of an earlier run is known.
  private boolean resumed;

  /// What generations of inodes begin after.
  private int earlierGenerations;

  private Instant time = Instant.EPOCH;
  private long ticks;

  NamespaceTable(NamespaceProbe probe) {
    this.probe = probe;
  }

  /// What has come into view and ended, and is yet to be told.
  Untold untold() {
    return untold;
  }

  InitialInodes initialInodes() {
    return initialInodes;
  }

  /// How many with an id have come into view after the first look.
  long seenBorn() {
    return seenBorn;
  }

  boolean hasKernelIds() {
    return probe.hasKernelIds();
  }

  /// Number of the look, or of the step between two, that is under way.
  int look() {
    return look;
  }

  /// Whether it is a step.
  boolean isStepping() {
    return stepping;
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
      if (namespace.inode() >= 0) {
        byInode.put(namespace.inode(), known);
      }
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
  }

  /// What happens from here on happened at this time.
  void at(Instant now) {
    this.time = now;
  }

  /// What was told without its id could be asked for it after all.
  void learned(Known known, long id, Known parent, Known owner, int ownerUid) {
    known.parent = parent;
    known.owner = owner;
    adopt(known, 1);
    known.namespace = known.namespace.learned(id, key(parent), key(owner), ownerUid);
    known.trusted = probe.isAlive(known.namespace);
    changed = true;
  }

  /// What had this inode is there no more, without being told to have ended.
  void release(Known known) {
    known.gone = true;
    byInode.remove(known.namespace.inode());
  }

  private static String key(Known known) {
    return known == null ? "" : known.namespace.key();
  }

  /// It has ended, which is now to be told.
  void end(Known known, Evidence evidence) {
    untold.ended(known, evidence);
    byInode.remove(known.namespace.inode(), known);
    adopt(known, -1);
    known.gone = true;
    known.ended = true;
    changed = true;
  }

  /// Another has its inode now.
  void endReplaced(Known known) {
    boolean stale = known.trusted && probe.life(known.namespace) == NamespaceProbe.Life.GONE;
    end(known, stale ? Evidence.KERNEL_ID_GONE : Evidence.INODE_REUSED);
  }

  /// Forgets what has ended and was told; whether there was any.
  boolean forgetEnded() {
    return all.removeIf(known -> known.ended);
  }

  /// What has this inode; null if it is not known.
  Known byInode(long inode) {
    return byInode.get(inode);
  }

  /// One pool of inodes: where another type has this one now, the namespace that had it has ended.
  Known known(NamespaceType type, long inode) {
    Known old = byInode.get(inode);
    return old != null && old.namespace.type() == type ? old : null;
  }

  /// A namespace that was not known.
  ///
  /// @param id -1 if it can't be asked
  /// @param ownerUid -1 likewise
  Known add(NamespaceType type, long inode, long id, Known parent, Known owner, int ownerUid) {
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
            inode == initialInodes.of(type),
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
    untold.born(namespace);
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
