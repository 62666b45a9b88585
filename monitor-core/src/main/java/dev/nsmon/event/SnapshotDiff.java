package dev.nsmon.event;

import dev.nsmon.event.NamespaceEvent.Created;
import dev.nsmon.event.NamespaceEvent.Destroyed;
import dev.nsmon.event.NamespaceEvent.Joined;
import dev.nsmon.event.NamespaceEvent.Sighting;
import dev.nsmon.event.NamespaceEvent.Synced;
import dev.nsmon.namespace.Cause;
import dev.nsmon.namespace.Ended;
import dev.nsmon.namespace.Evidence;
import dev.nsmon.namespace.Namespace;
import dev.nsmon.namespace.NamespaceLink;
import dev.nsmon.namespace.NamespaceSet;
import dev.nsmon.namespace.NamespaceType;
import dev.nsmon.namespace.Snapshot;
import dev.nsmon.namespace.Step;
import dev.nsmon.namespace.Task;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/// Computes the events between two snapshots. Pure: no clock, no I/O, no randomness, no state.
///
/// Invariants: `between(a, a)` is empty. Applying `between(a, b)` to `a` gives `b`. What a [Step]
/// has reported, the next full scan does not report again.
///
/// The order within one scan is one that can have happened: exits, created namespaces (parents and
/// owners first), joins, destroyed namespaces (children first). There is one exception. If a new
/// namespace has the inode of an ended one, the end of the old precedes the creation of the new.
///
/// Rows are compared by reference first. A scan reuses unchanged rows, so the cost is one pointer
/// comparison per unchanged process.
public final class SnapshotDiff {
  private final boolean includeInitial;

  /// @param includeInitial true to report processes that are in the initial namespaces only
  public SnapshotDiff(boolean includeInitial) {
    this.includeInitial = includeInitial;
  }

  /// The baseline: events with source `baseline` for what the first scan shows, then `synced`.
  public List<NamespaceEvent> baseline(Snapshot first) {
    Sighting sighting = new Sighting(first.time(), Optional.empty(), Source.BASELINE);
    List<NamespaceEvent> events = changes(Snapshot.EMPTY, first, sighting, Optional.empty());
    events.add(synced(first, sighting));
    return events;
  }

  /// The events between the last state of an earlier run and the first scan of this one, then
  /// `synced`. A restart is treated like a long time between two scans.
  ///
  /// @param last the state at the end of the earlier run, with the [Task#instance] numbers of this
  ///   run
  public List<NamespaceEvent> resumed(Snapshot last, Snapshot first) {
    Sighting sighting = new Sighting(first.time(), Optional.of(last.time()), Source.POLL);
    List<NamespaceEvent> events = changes(last, first, sighting, Optional.empty());
    events.add(synced(first, sighting));
    return events;
  }

  /// The end of everything that existed before a reboot.
  ///
  /// @param last the state at the end of the earlier run
  /// @param bootId id of the boot of that run
  /// @param time when this was noticed
  public List<NamespaceEvent> rebooted(Snapshot last, String bootId, Instant time) {
    Sighting sighting =
        new Sighting(time, Optional.of(last.time()), Source.BASELINE, Optional.of(bootId));
    List<Ended> ended =
        last.namespaces().reversed().stream()
            .map(namespace -> new Ended(namespace, Evidence.REBOOT, Optional.empty()))
            .toList();
    Snapshot nothing =
        new Snapshot(time, List.of(), List.of(), Map.of(), ended, Snapshot.EMPTY.report());
    return changes(last, nothing, sighting, Optional.empty());
  }

  /// The `synced` record that completes a baseline of this snapshot.
  public static Synced synced(Snapshot look) {
    return synced(look, new Sighting(look.time(), Optional.empty(), Source.BASELINE));
  }

  private static Synced synced(Snapshot look, Sighting sighting) {
    Map<NamespaceType, Integer> counts = new EnumMap<>(NamespaceType.class);
    for (Namespace namespace : look.namespaces()) {
      counts.merge(namespace.type(), 1, Integer::sum);
    }
    return new Synced(
        sighting,
        Collections.unmodifiableMap(counts),
        look.report().processes(),
        look.report().denied());
  }

  /// The changes from one scan to the next.
  public List<NamespaceEvent> between(Snapshot prev, Snapshot next) {
    if (prev.tasks() == next.tasks() && prev.namespaces() == next.namespaces()) {
      return List.of();
    }
    Sighting sighting = new Sighting(next.time(), Optional.of(prev.time()), Source.POLL);
    return changes(prev, next, sighting, Optional.empty());
  }

  /// The changes of one step.
  ///
  /// @param source the source that observed it
  public List<NamespaceEvent> step(Step step, Source source) {
    Optional<Instant> notBefore =
        step.exact() ? Optional.empty() : Optional.of(step.before().time());
    Sighting sighting = new Sighting(step.after().time(), notBefore, source);
    return changes(step.before(), step.after(), sighting, step.cause());
  }

  private List<NamespaceEvent> changes(
      Snapshot prev, Snapshot next, Sighting sighting, Optional<Cause> cause) {
    TaskDiff rows = new TaskDiff(includeInitial, sighting, cause);
    rows.compare(prev.tasks(), next.tasks());
    List<Namespace> created = created(prev, next);
    Map<Namespace, Task> firstMembers = firstMembers(created, next.tasks());

    Map<Long, Namespace> endedByInode = new HashMap<>();
    for (Ended end : next.ended()) {
      // If several with this inode ended, the first one existed in the previous snapshot.
      if (end.namespace().inode() >= 0) {
        endedByInode.putIfAbsent(end.namespace().inode(), end.namespace());
      }
    }
    List<NamespaceEvent> events = new ArrayList<>(rows.left);
    List<NamespaceEvent> later = new ArrayList<>();
    Set<String> createdLater = new HashSet<>();
    for (Namespace namespace : created) {
      // A child of a namespace that is reported late must be reported late too.
      Namespace predecessor = endedByInode.get(namespace.inode());
      boolean late =
          (predecessor != null && !predecessor.equals(namespace))
              || createdLater.contains(namespace.owner())
              || createdLater.contains(namespace.parent());
      if (late) {
        createdLater.add(namespace.key());
      }
      (late ? later : events)
          .add(
              new Created(
                  sighting,
                  namespace,
                  Optional.ofNullable(firstMembers.get(namespace)),
                  next.holdersOf(namespace)));
    }
    for (Joined join : rows.joined) {
      (isInAny(join.process().namespaces(), createdLater) ? later : events).add(join);
    }
    for (Ended end : next.ended()) {
      // The end of a namespace that is reported late comes after its creation.
      boolean isLate = createdLater.contains(end.namespace().key());
      (isLate ? later : events).add(destroyed(end, sighting));
    }
    events.addAll(later);
    return events;
  }

  private static List<Namespace> created(Snapshot prev, Snapshot next) {
    if (prev.namespaces() == next.namespaces()) {
      return List.of();
    }
    Set<Namespace> known = new HashSet<>(prev.namespaces());
    List<Namespace> created = new ArrayList<>();
    for (Namespace namespace : next.namespaces()) {
      if (!known.contains(namespace)) {
        created.add(namespace);
      }
    }
    return created;
  }

  private static Map<Namespace, Task> firstMembers(List<Namespace> of, List<Task> tasks) {
    Map<Namespace, Task> first = new HashMap<>();
    if (of.isEmpty()) {
      return first;
    }
    Set<Namespace> wanted = new HashSet<>();
    for (Namespace namespace : of) {
      if (!namespace.initial()) {
        wanted.add(namespace);
      }
    }
    for (Task task : tasks) {
      NamespaceSet set = task.namespaces();
      for (int link = 0; !set.isInitial() && link < NamespaceLink.MEMBERSHIPS; link++) {
        if (set.knows(link) && wanted.contains(set.get(link))) {
          first.putIfAbsent(set.get(link), task);
        }
      }
    }
    return first;
  }

  private static boolean isInAny(NamespaceSet set, Set<String> keys) {
    for (int link = 0; !keys.isEmpty() && link < NamespaceLink.MEMBERSHIPS; link++) {
      if (set.knows(link) && keys.contains(set.get(link).key())) {
        return true;
      }
    }
    return false;
  }

  /// Never negative: the wall clock may have been set back.
  private static long millis(Instant since, Instant until) {
    return Math.max(0, Duration.between(since, until).toMillis());
  }

  private static Destroyed destroyed(Ended end, Sighting sighting) {
    OptionalLong lifetime =
        end.namespace()
            .created()
            .map(since -> OptionalLong.of(millis(since, sighting.time())))
            .orElseGet(OptionalLong::empty);
    return new Destroyed(sighting, end.namespace(), lifetime, end.evidence(), end.lastMember());
  }
}
