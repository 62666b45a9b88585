package dev.nsmon.procfs;

import dev.nsmon.namespace.Cause;
import dev.nsmon.namespace.Ended;
import dev.nsmon.namespace.Holder;
import dev.nsmon.namespace.Namespace;
import dev.nsmon.namespace.NamespaceLink;
import dev.nsmon.namespace.Step;
import dev.nsmon.namespace.Task;
import dev.nsmon.procfs.Slot.ThreadSlot;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Collects the steps of a batch: what came into view and what ended since the step before belongs
/// to the step that shows it.
///
/// Who has ended leaves before what he kept alive ends. No record tells when a zombie is reaped
/// that was there from the first; the end of its pid or user namespace, which it keeps until then,
/// does.
final class PushSteps {
  private final Scan scan;
  private final NamespaceTable table;
  private final Map<String, List<Holder>> holders = new HashMap<>(0);
  private List<Step> steps = new ArrayList<>();
  private List<Namespace> born = List.of();

  PushSteps(Scan scan) {
    this.scan = scan;
    this.table = scan.table;
  }

  /// This namespace, if it is new, has no member and is held by this.
  void hold(Known known, Holder holder) {
    holders.computeIfAbsent(known.namespace.key(), _ -> new ArrayList<>(1)).add(holder);
  }

  /// What has come into view in the step that is being made.
  List<Namespace> born() {
    if (born.isEmpty()) {
      born = table.untold().takeBorn();
    }
    return born;
  }

  /// Makes a step, unless it would say nothing.
  void add(
      Optional<Instant> notBefore,
      Instant time,
      List<Task> before,
      List<Task> after,
      Optional<Cause> cause) {
    List<Namespace> created = born();
    for (Known deserted : table.untold().takeDeserted()) {
      for (Slot slot : leftBehindIn(deserted)) {
        steps.add(
            Step.of(
                Optional.of(scan.time),
                time,
                release(slot),
                List.of(),
                List.of(),
                Map.of(),
                List.of(),
                Optional.empty()));
      }
    }
    List<Ended> ended = table.untold().takeEnded();
    if (!before.equals(after) || !created.isEmpty() || !ended.isEmpty()) {
      steps.add(
          Step.of(notBefore, time, before, after, created, Map.copyOf(holders), ended, cause));
    }
    born = List.of();
    holders.clear();
  }

  /// Those who can't be in it any more, though nothing has told that they left.
  private List<Slot> leftBehindIn(Known known) {
    return scan.slots.stream().filter(slot -> isLeftBehindIn(known, slot)).toList();
  }

  private static boolean isLeftBehindIn(Known known, Slot slot) {
    return slot.task.state() == Task.State.ZOMBIE
        ? slot.place.remains().has(known)
        : slot.exitsUnseen && slot.place.has(known);
  }

  /// Makes the step of a process that has ended.
  void end(Slot slot, Optional<Instant> notBefore, Instant time) {
    add(notBefore, time, release(slot), List.of(), Optional.empty());
  }

  /// Takes a process away, with whose end others may have come; its rows until now.
  private List<Task> release(Slot slot) {
    List<Task> rows = slot.rows();
    List<ThreadSlot> strays = slot.strays;
    scan.processes.drop(slot);
    scan.slots.forget(slot.pid);
    scan.endings.left(slot.place, scan.clock.now());
    slot.threads.forEach(thread -> scan.endings.left(thread.place(), scan.clock.now()));
    strays.forEach(thread -> scan.endings.left(thread.place(), scan.clock.now()));
    return rows;
  }

  /// Makes a step of what came into view or ended by itself, seen now.
  void addFound(Instant time) {
    add(Optional.empty(), time, List.of(), List.of(), Optional.empty());
  }

  /// The same of what was found by looking.
  void addFound(Instant notBefore, Instant time) {
    add(Optional.of(notBefore), time, List.of(), List.of(), Optional.empty());
  }

  /// The steps made since they were taken last.
  List<Step> take() {
    List<Step> taken = steps;
    steps = new ArrayList<>();
    return taken;
  }

  /// Names the process as what keeps the namespaces that only its children will be in.
  void holdForChildren(Slot slot) {
    for (NamespaceLink link :
        List.of(NamespaceLink.PID_FOR_CHILDREN, NamespaceLink.TIME_FOR_CHILDREN)) {
      Known known = slot.place.known[link.ordinal()];
      if (known != null && !known.hasMembers()) {
        hold(known, new Holder.ForChildren(slot.pid));
      }
    }
  }
}
