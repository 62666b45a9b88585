package dev.nsmon.procfs;

import dev.nsmon.namespace.Holder;
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

/// What holds namespaces besides the processes in them, as the last search has found it, and which
/// of them nothing holds.
final class Holders {
  /// So many holders of a namespace are named.
  private static final int MOST = 1000;

  private final NamespaceTable table;
  private final Places places;
  private List<Held> forChildren = List.of();

  /// The namespaces without a holder, as found by the last search, if it was complete and took more
  /// than one slice.
  private Set<Known> unheldBefore = Set.of();

  Holders(NamespaceTable table, Places places) {
    this.table = table;
    this.places = places;
  }

  /// Finds out which processes keep a namespace for their children, and forgets places that no row
  /// names.
  void markUse(List<Slot> slots) {
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

  /// Whether a namespace lives, or may live, and nothing is known that keeps it, so that a search
  /// is wanted.
  boolean areWanted(int look) {
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

  /// Takes in what was found to be held by mounts and, in the slots, by descriptors and threads.
  void assemble(int look, List<Slot> slots, Iterable<List<Held>> mounts) {
    for (Known known : table.all()) {
      known.found = List.of();
    }
    for (List<Held> held : mounts) {
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
    if (known.found.size() < MOST) {
      known.found.add(held.holder());
    }
    if (!known.trusted) {
      known.vouch(look);
    }
  }

  /// The namespaces whose end a complete search without any holder has shown, where the kernel
  /// would not say. A process that can't be read and is younger may be in one of them; one whose
  /// descriptors can't be read may hold any, and one with a socket that can't be asked any network
  /// namespace. A list without the first process is not of all.
  ///
  /// While a search pauses a descriptor may go from a process that is yet to be searched to one
  /// that has been: one search in slices shows nothing, two in a row do.
  ///
  /// @param empty those without members when the search began
  /// @param inOneGo whether nobody else did anything meanwhile
  Set<Known> unheld(int look, List<Slot> slots, Set<Known> empty, boolean inOneGo) {
    Set<Known> unheld = unheld(look, slots);
    unheld.retainAll(empty);
    if (inOneGo) {
      unheldBefore = Set.of();
      return unheld;
    }
    Set<Known> twice = new HashSet<>(unheld);
    twice.retainAll(unheldBefore);
    unheldBefore = unheld;
    return twice;
  }

  /// The last search was not complete: it does not count as the first of two.
  void forgetUnheld() {
    unheldBefore = Set.of();
  }

  private Set<Known> unheld(int look, List<Slot> slots) {
    Set<Known> unheld = new HashSet<>();
    if (slots.isEmpty() || slots.getFirst().pid != 1) {
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
}
