package dev.nsmon.kafka;

import dev.nsmon.container.Container;
import dev.nsmon.event.HostState;
import dev.nsmon.event.NamespaceEvent;
import dev.nsmon.event.NamespaceEvent.Created;
import dev.nsmon.event.NamespaceEvent.Destroyed;
import dev.nsmon.event.NamespaceEvent.EventsLost;
import dev.nsmon.event.NamespaceEvent.Joined;
import dev.nsmon.event.NamespaceEvent.Left;
import dev.nsmon.event.NamespaceEvent.Other;
import dev.nsmon.event.NamespaceEvent.Place;
import dev.nsmon.event.NamespaceEvent.Synced;
import dev.nsmon.format.Host;
import dev.nsmon.format.Members;
import dev.nsmon.format.NamespaceState;
import dev.nsmon.log.Entry;
import dev.nsmon.log.Present;
import dev.nsmon.namespace.ContainerName;
import dev.nsmon.namespace.Namespace;
import dev.nsmon.namespace.NamespaceLink;
import dev.nsmon.namespace.Snapshot;
import dev.nsmon.namespace.Task;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The namespaces of this host, built from a snapshot and later log entries, and the set of those
/// that changed. Pure; used by one thread.
///
/// The log has no events for processes that are in initial namespaces only. Their number comes from
/// the last snapshot.
final class HostNamespaces {
  private final Host host;
  private final String stream;
  private HostState state = new HostState(false);
  private Map<String, Integer> inInitial = Map.of();
  private final Set<String> changed = new LinkedHashSet<>();
  private long seq;
  private Instant time = Instant.EPOCH;

  HostNamespaces(Host host, String stream) {
    this.host = host;
    this.stream = stream;
  }

  /// Replaces the state by a snapshot, and marks each namespace of both as changed: one that is
  /// missing in the snapshot has ended, and the entry that says so may be older than the snapshot.
  /// Ignored if a later entry was applied already.
  void begin(Present present) {
    if (present.seq() < seq) {
      return;
    }
    Snapshot look = present.snapshot();
    changed.addAll(state.keys());
    state = HostState.of(look, false);
    inInitial = inInitial(look);
    seq = present.seq();
    time = look.time();
    for (Namespace namespace : look.namespaces()) {
      changed.add(namespace.key());
    }
  }

  private static Map<String, Integer> inInitial(Snapshot look) {
    Map<String, Integer> counts = new HashMap<>();
    for (Task task : look.tasks()) {
      for (int link = 0; link < NamespaceLink.MEMBERSHIPS; link++) {
        if (task.namespaces().knows(link) && task.namespaces().get(link).initial()) {
          Namespace namespace = task.namespaces().get(link);
          if (Members.counts(task, namespace.type())) {
            counts.merge(namespace.key(), 1, Integer::sum);
          }
        }
      }
    }
    return counts;
  }

  /// Applies an entry; ignored if the state includes it already.
  ///
  /// @return whether entries are missing or unknown, so that only a new snapshot can correct the
  ///   state. A kernel overrun (`KERNEL`) needs none: the monitor rescans and emits what it finds.
  boolean apply(Entry entry) {
    if (entry.seq() <= seq) {
      return false;
    }
    NamespaceEvent event = entry.event();
    seq = entry.seq();
    time = entry.time();
    state.apply(event);
    switch (event) {
      case Created created -> changed.add(created.namespace().key());
      case Joined joined -> {
        for (Place place : joined.namespaces()) {
          changed.add(place.namespace().key());
          place.from().ifPresent(from -> changed.add(from.key()));
        }
      }
      case Left left -> left.namespaces().forEach(namespace -> changed.add(namespace.key()));
      case Destroyed destroyed -> changed.add(destroyed.namespace().key());
      case Synced _ -> {}
      // A kind that this version does not know.
      case Other _ -> {
        return true;
      }
      case EventsLost lost -> {
        return lost.where() != EventsLost.Where.KERNEL;
      }
    }
    return false;
  }

  /// Returns and clears the keys of the namespaces that may have changed.
  Set<String> takeChanged() {
    Set<String> taken = new LinkedHashSet<>(changed);
    changed.clear();
    return taken;
  }

  /// The current state of the namespace with this key; empty if there is none.
  Optional<NamespaceState> now(String key) {
    return state.namespace(key).map(this::now);
  }

  /// The container that both are, with its name if one of them has it; [Container#NONE] if they
  /// differ. A process that was reported before the runtime answered has no container name.
  ///
  /// @param one null before the first process
  private static Container common(Container one, Container other) {
    if (one == null) {
      return other;
    }
    if (!one.called(ContainerName.NONE).equals(other.called(ContainerName.NONE))) {
      return Container.NONE;
    }
    return other.called().equals(ContainerName.NONE) ? one : other;
  }

  private NamespaceState now(Namespace namespace) {
    String key = namespace.key();
    int processes = 0;
    Container ofAll = null;
    Container ofContained = null;
    if (namespace.initial()) {
      processes = inInitial.getOrDefault(key, 0);
    } else {
      for (Task task : state.members(key)) {
        if (Members.counts(task, namespace.type())) {
          Container its = Container.of(task.info());
          ofAll = common(ofAll, its);
          if (!its.id().isEmpty()) {
            // A process that entered from the host (nsenter) has no container and is ignored here.
            ofContained = common(ofContained, its);
          }
          processes++;
        }
      }
    }
    Container container = ofContained != null ? ofContained : ofAll;
    return new NamespaceState(
        host,
        stream,
        seq,
        time,
        namespace,
        state.holders(key),
        processes,
        container == null ? Container.NONE : container);
  }
}
