package dev.nsmon.kafka;

import dev.nsmon.container.Container;
import dev.nsmon.event.HostState;
import dev.nsmon.event.NamespaceEvent;
import dev.nsmon.event.NamespaceEvent.Created;
import dev.nsmon.event.NamespaceEvent.Destroyed;
import dev.nsmon.event.NamespaceEvent.EventsLost;
import dev.nsmon.event.NamespaceEvent.Joined;
import dev.nsmon.event.NamespaceEvent.Left;
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

/// The namespaces of this host as the log has them, and which of them have changed. Pure; used by
/// one thread.
///
/// The log does not tell of processes that merely live in initial namespaces: how many those are is
/// known from a look only.
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

  /// Begins anew with what a look shows, unless more than that is known already. All that there is
  /// has changed.
  void begin(Present present) {
    if (present.seq() < seq) {
      return;
    }
    Snapshot look = present.snapshot();
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

  /// Takes an entry, if it is newer than what is known.
  ///
  /// @return whether something was lost, so that only a look can tell
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
      case EventsLost lost -> {
        return lost.where() != EventsLost.Where.KERNEL;
      }
    }
    return false;
  }

  /// The keys of the namespaces that may have changed since they were last asked for.
  Set<String> takeChanged() {
    Set<String> taken = new LinkedHashSet<>(changed);
    changed.clear();
    return taken;
  }

  /// The namespace of this key as it is now; empty if there is none.
  Optional<NamespaceState> now(String key) {
    return state.namespace(key).map(this::now);
  }

  /// Both, if they are one: the name of one may have come after a process of it was told.
  ///
  /// @param one null if there is none yet
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
            // Whoever has entered from the host does not make it another's.
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
