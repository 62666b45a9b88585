package dev.nsmon.procfs;

import dev.nsmon.libc.KernelCalls;
import dev.nsmon.namespace.Holder;
import dev.nsmon.namespace.HostClock;
import dev.nsmon.namespace.NamespaceLink;
import dev.nsmon.namespace.NamespaceType;
import dev.nsmon.namespace.Task;
import dev.nsmon.procfs.Slot.Held;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/// What holds namespaces besides the processes in them, and when to search for it: at the first
/// look, when a namespace outlives its last process, and every so often.
///
/// The search is expensive, so that it takes at most a tenth of the time.
final class HolderSearch implements AutoCloseable {
  /// So many times as long as a search took there is none.
  private static final int REST = 10;

  private final NamespaceTable table;
  private final Places places;
  private final String mountPoint;
  private final MountSearch mounts;
  private final DescriptorSearch descriptors;
  private final HostClock clock;
  private final Supplier<? extends KernelCalls> kernel;
  private final long everyNanos;

  private List<Held> forChildren = List.of();

  /// When the last complete search began, when it ended, and how long it took.
  private long lastBegan;

  private long lastEnded;
  private long lastTook;
  private boolean first = true;
  private boolean complete;

  /// Of the first look; null after it.
  private FirstScan firstScan;

  HolderSearch(
      ScanSettings settings,
      NamespaceTable table,
      Places places,
      MountSearch mounts,
      DescriptorSearch descriptors,
      HostClock clock,
      Supplier<? extends KernelCalls> kernel) {
    this.table = table;
    this.places = places;
    this.mountPoint = settings.mountPoint();
    this.mounts = mounts;
    this.descriptors = descriptors;
    this.clock = clock;
    this.kernel = kernel;
    this.everyNanos = settings.searchEvery().toNanos();
  }

  /// A look has listed these processes: the first has them searched while it reads their links.
  void listed(DirectoryList pids) {
    if (first) {
      firstScan = FirstScan.start(mountPoint, kernel, pids);
    }
  }

  /// Whether the next scan must include the slow search.
  ///
  /// The interval runs from the beginning of the last search and is shortened by a tenth. A caller
  /// that scans once in each interval would else come a moment too early every second time.
  boolean isDue() {
    long interval = Math.max(everyNanos - everyNanos / 10, REST * lastTook);
    return first || clock.nanoTime() - lastBegan >= interval;
  }

  /// Searches if it must be; whether what is known to be held has changed.
  boolean search(int look, List<Slot> slots, boolean changed) {
    if (changed) {
      markUse(slots);
    }
    long began = clock.nanoTime();
    complete = isDue() || (isWanted(look) && began - lastEnded >= REST * lastTook);
    boolean ownMounts = mounts.ownMountsChanged();
    if (complete) {
      mounts.searchAll(slots);
      descriptors.search(slots, firstScan == null ? Map.of() : firstScan.found());
      firstScan = null;
    }
    if (complete || ownMounts) {
      mounts.searchOwn();
      assemble(look, slots);
    }
    if (complete) {
      lastBegan = began;
      lastEnded = clock.nanoTime();
      lastTook = lastEnded - began;
      first = false;
      for (Known known : table.all()) {
        known.searched = !known.hasMembers();
      }
    }
    return complete || ownMounts;
  }

  /// Whether a namespace lives, or may live, and nothing is known that keeps it.
  private boolean isWanted(int look) {
    for (Known known : table.all()) {
      if (!known.namespace.initial()
          && !known.hasMembers()
          && !known.gone
          && known.children == 0
          && (known.vouched == look ? known.found.isEmpty() && !known.searched : !known.trusted)) {
        return true;
      }
    }
    return false;
  }

  /// Finds out which processes keep a namespace for their children, and forgets places that no row
  /// names.
  private void markUse(List<Slot> slots) {
    List<Held> children = new ArrayList<>(0);
    for (Slot slot : slots) {
      if (slot.place.sendsChildrenElsewhere() && slot.task.state() != Task.State.ZOMBIE) {
        keepForChildren(slot, NamespaceLink.PID_FOR_CHILDREN, NamespaceLink.PID, children);
        keepForChildren(slot, NamespaceLink.TIME_FOR_CHILDREN, NamespaceLink.TIME, children);
      }
    }
    forChildren = children;
    places.all().removeIf(place -> !place.isUsed());
    for (Known known : table.all()) {
      known.searched &= !known.hasMembers();
    }
  }

  private static void keepForChildren(
      Slot slot, NamespaceLink children, NamespaceLink own, List<Held> held) {
    Known known = slot.place.known[children.ordinal()];
    if (known != null && known != slot.place.known[own.ordinal()]) {
      held.add(new Held(known, new Holder.ForChildren(slot.pid)));
    }
  }

  private void assemble(int look, List<Slot> slots) {
    for (Known known : table.all()) {
      known.found = List.of();
    }
    for (Set<Held> held : mounts.found()) {
      held.forEach(one -> hold(look, one));
    }
    for (Slot slot : slots) {
      slot.held.forEach(one -> hold(look, one));
    }
  }

  private static void hold(int look, Held held) {
    Known known = held.known();
    if (known.gone) {
      return;
    }
    if (known.found.isEmpty()) {
      known.found = new ArrayList<>(1);
    }
    known.found.add(held.holder());
    if (!known.trusted) {
      known.vouch(look);
    }
  }

  /// The namespaces whose end a complete search without any holder has shown, where the kernel
  /// would not say. A process that can't be read and is younger may be in one of them; one whose
  /// descriptors can't be read may hold any, and one with a socket that can't be asked any network
  /// namespace. A list without the first process is not of all.
  Set<Known> unheld(int look, List<Slot> slots) {
    Set<Known> unheld = new HashSet<>();
    if (!complete || slots.isEmpty() || slots.getFirst().pid != 1) {
      return unheld;
    }
    long youngestUnread = -1;
    boolean unsearchedSockets = false;
    for (Slot slot : slots) {
      if (slot.place == Slot.NOWHERE || slot.task.state() == Task.State.DENIED) {
        long start = slot.startTicks < 0 ? Long.MAX_VALUE : slot.startTicks;
        youngestUnread = Math.max(youngestUnread, start);
      } else if (slot.unsearched) {
        return unheld;
      }
      unsearchedSockets |= slot.unsearchedSockets;
    }
    for (Known known : table.all()) {
      if (!known.namespace.initial()
          && !known.gone
          && !known.trusted
          && known.vouched != look
          && known.discovered != look
          && !known.isKept()
          && known.found.isEmpty()
          && known.children == 0
          && !(unsearchedSockets && known.namespace.type() == NamespaceType.NET)
          && known.seenTicks > youngestUnread
          && forChildren.stream().noneMatch(held -> held.known() == known)) {
        unheld.add(known);
      }
    }
    return unheld;
  }

  /// What is known to hold each namespace besides its members, by key. A child namespace or a
  /// process that keeps it for its children is named where there is no member.
  Map<String, List<Holder>> present() {
    Map<String, List<Holder>> present = new HashMap<>();
    for (Known known : table.all()) {
      if (!known.found.isEmpty()) {
        present.put(known.namespace.key(), new ArrayList<>(known.found));
      }
    }
    for (Held held : forChildren) {
      add(present, held.known(), held.holder());
    }
    for (Known known : table.all()) {
      add(present, known.parent, new Holder.Child(known.namespace.key()));
      if (known.owner != known.parent) {
        add(present, known.owner, new Holder.Child(known.namespace.key()));
      }
    }
    present.replaceAll((_, holders) -> List.copyOf(holders));
    return present;
  }

  private static void add(Map<String, List<Holder>> present, Known known, Holder holder) {
    if (known != null && !known.hasMembers() && !known.gone) {
      present.computeIfAbsent(known.namespace.key(), _ -> new ArrayList<>(1)).add(holder);
    }
  }

  @Override
  public void close() {
    mounts.close();
  }
}
