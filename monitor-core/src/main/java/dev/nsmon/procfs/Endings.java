package dev.nsmon.procfs;

import dev.nsmon.namespace.Evidence;
import dev.nsmon.namespace.NamespaceLink;
import dev.nsmon.proc.NamespaceProbe;
import dev.nsmon.procfs.Known.Place;
import java.util.ArrayList;
import java.util.List;

/// Which namespaces may have ended because their last known member has left, and when to ask the
/// kernel after them.
///
/// Most are gone 4 us after the last process. A pid or user namespace goes only when the process
/// was reaped and the kernel has waited for its readers (RCU): up to 70 ms later, and later still
/// on a busy host.
final class Endings {
  private static final long[] PAUSES_MILLIS = {3, 8, 16, 32, 64, 128, 256};

  private final NamespaceTable table;
  private final NamespaceProbe probe;
  private final List<Waiting> waiting = new ArrayList<>();
  private boolean unproven;

  Endings(NamespaceTable table, NamespaceProbe probe) {
    this.table = table;
    this.probe = probe;
  }

  private record Waiting(Known known, int asked, long dueNanos) {}

  /// A task has left this place: ends what has ended by that, children before their parents.
  void left(Place place, long now) {
    for (int link = 0; link < NamespaceLink.COUNT; link++) {
      if (link != NamespaceLink.USER.ordinal()) {
        consider(place.known[link], 0, now);
      }
    }
    consider(place.known[NamespaceLink.USER.ordinal()], 0, now);
  }

  private void consider(Known known, int asked, long now) {
    if (known == null || !isEmpty(known)) {
      return;
    }
    if (!known.trusted) {
      unproven = true;
      return;
    }
    switch (probe.life(known.namespace)) {
      case GONE -> {
        table.end(known, Evidence.KERNEL_ID_GONE);
        consider(known.parent, 0, now);
        consider(known.owner, 0, now);
      }
      case ALIVE -> {
        if (asked < PAUSES_MILLIS.length) {
          waiting.add(new Waiting(known, asked + 1, now + PAUSES_MILLIS[asked] * 1_000_000));
        }
      }
      case UNKNOWN -> unproven = true;
    }
  }

  private static boolean isEmpty(Known known) {
    return !known.ended && !known.namespace.initial() && !known.isKept() && known.children == 0;
  }

  /// Asks again after those that are due.
  void settle(long now) {
    // Those that are still to wait are added to the end meanwhile.
    int size = waiting.size();
    int kept = 0;
    for (int i = 0; i < size; i++) {
      Waiting one = waiting.get(i);
      if (one.dueNanos() > now) {
        waiting.set(kept++, one);
      } else {
        consider(one.known(), one.asked(), now);
      }
    }
    waiting.subList(kept, size).clear();
  }

  /// When [#settle] has something to do next; [Long#MAX_VALUE] if never.
  long dueNanos() {
    long due = Long.MAX_VALUE;
    for (Waiting one : waiting) {
      due = Math.min(due, one.dueNanos());
    }
    return due;
  }

  /// Asks after all that have no member: what a mount or a descriptor held ends without any task's
  /// doing that the kernel reports.
  void askAll() {
    List<Known> empty = new ArrayList<>();
    for (Known known : table.all()) {
      if (known.trusted && isEmpty(known)) {
        empty.add(known);
      }
    }
    for (Known known : empty) {
      consider(known, PAUSES_MILLIS.length, 0);
    }
  }

  /// There may be one without members that can't be asked.
  void doubt() {
    unproven = true;
  }

  /// Whether there is one without members whose end only a search for holders can prove.
  boolean needsSearch() {
    if (unproven) {
      unproven = false;
      for (Known known : table.all()) {
        unproven |= !known.trusted && isEmpty(known);
      }
    }
    return unproven;
  }
}
