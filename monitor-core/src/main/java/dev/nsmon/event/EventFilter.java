package dev.nsmon.event;

import dev.nsmon.container.Container;
import dev.nsmon.event.NamespaceEvent.Created;
import dev.nsmon.event.NamespaceEvent.Destroyed;
import dev.nsmon.event.NamespaceEvent.EventsLost;
import dev.nsmon.event.NamespaceEvent.Joined;
import dev.nsmon.event.NamespaceEvent.Left;
import dev.nsmon.event.NamespaceEvent.Other;
import dev.nsmon.event.NamespaceEvent.Place;
import dev.nsmon.event.NamespaceEvent.Synced;
import dev.nsmon.namespace.Namespace;
import dev.nsmon.namespace.NamespaceType;
import dev.nsmon.namespace.Task;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// Filter for events. An event passes if it meets every criterion; an empty set is no criterion.
/// Control records always pass.
///
/// @param types the event is about a namespace of one of these types; for a move, the type that
///   changed
/// @param kinds the event is of one of these kinds
/// @param pids the event is about one of these processes
/// @param comms the event is about a process with one of these names
/// @param containers the event is about a process in one of these containers, as
///   [Container#isCalled] matches them
/// @param namespaces the event is about one of these, given as `net:[4026532177]` or as key
///   `net:810`; for a move, also the one that was left
/// @param baseline true to pass events of what existed at the start
/// @param attention true to pass only events that deserve attention
public record EventFilter(
    Set<NamespaceType> types,
    Set<Kind> kinds,
    Set<Integer> pids,
    Set<String> comms,
    Set<String> containers,
    Set<String> namespaces,
    boolean baseline,
    boolean attention) {
  /// The filter that every event passes.
  public static final EventFilter ALL =
      new EventFilter(Set.of(), Set.of(), Set.of(), Set.of(), Set.of(), Set.of(), true, false);

  /// A filter that passes events regardless of attention.
  public EventFilter(
      Set<NamespaceType> types,
      Set<Kind> kinds,
      Set<Integer> pids,
      Set<String> comms,
      Set<String> containers,
      Set<String> namespaces,
      boolean baseline) {
    this(types, kinds, pids, comms, containers, namespaces, baseline, false);
  }

  /// True if the event passes.
  public boolean passes(NamespaceEvent event) {
    if (event.kind().isControl()) {
      return true;
    }
    return (baseline || event.sighting().source() != Source.BASELINE)
        && (!attention || deservesAttention(event))
        && (kinds.isEmpty() || kinds.contains(event.kind()))
        && (types.isEmpty() || subjects(event).anyMatch(one -> types.contains(one.type())))
        && (namespaces.isEmpty() || mentions(event).anyMatch(this::isNamed))
        && passes(event.task());
  }

  private static boolean deservesAttention(NamespaceEvent event) {
    return event instanceof Joined joined && !joined.attention().isEmpty();
  }

  private boolean passes(Optional<Task> process) {
    Predicate<Task> wanted =
        task ->
            (pids.isEmpty() || pids.contains(task.pid()))
                && (comms.isEmpty() || comms.contains(task.info().comm()))
                && (containers.isEmpty() || isContained(task));
    return (pids.isEmpty() && comms.isEmpty() && containers.isEmpty())
        || process.filter(wanted).isPresent();
  }

  private boolean isContained(Task task) {
    Container container = Container.of(task.info());
    return containers.stream().anyMatch(container::isCalled);
  }

  private boolean isNamed(Namespace namespace) {
    return namespaces.contains(namespace.name()) || namespaces.contains(namespace.key());
  }

  /// The namespaces that the event is about; for a move, only those that changed.
  private static Stream<Namespace> subjects(NamespaceEvent event) {
    return switch (event) {
      case Created created -> Stream.of(created.namespace());
      case Joined joined -> {
        boolean moved = joined.namespaces().stream().anyMatch(place -> place.from().isPresent());
        yield joined.namespaces().stream()
            .filter(place -> !moved || place.from().isPresent())
            .map(Place::namespace);
      }
      case Left left -> left.namespaces().stream();
      case Destroyed destroyed -> Stream.of(destroyed.namespace());
      case Other other -> other.namespaces().stream();
      case Synced _, EventsLost _ -> Stream.empty();
    };
  }

  private static Stream<Namespace> mentions(NamespaceEvent event) {
    return event instanceof Joined joined
        ? joined.namespaces().stream()
            .flatMap(place -> Stream.concat(Stream.of(place.namespace()), place.from().stream()))
        : subjects(event);
  }
}
