package dev.nsmon.live;

import dev.nsmon.event.NamespaceEvent;
import dev.nsmon.event.NamespaceEvent.Created;
import dev.nsmon.event.NamespaceEvent.Destroyed;
import dev.nsmon.event.NamespaceEvent.EventsLost;
import dev.nsmon.event.NamespaceEvent.Joined;
import dev.nsmon.event.NamespaceEvent.Left;
import dev.nsmon.event.NamespaceEvent.Place;
import dev.nsmon.event.NamespaceEvent.Synced;
import dev.nsmon.namespace.Namespace;
import dev.nsmon.namespace.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What events say, in a form that a test can write down.
final class Story {
  private Story() {}

  /// What was told of these namespaces and processes, in order, a line for each event.
  ///
  /// @param of whether a namespace is one of these
  static List<String> of(List<NamespaceEvent> events, Predicate<Namespace> of, Set<Integer> pids) {
    List<String> story = new ArrayList<>();
    for (NamespaceEvent event : events) {
      boolean wanted =
          switch (event) {
            case Created created -> of.test(created.namespace());
            case Destroyed destroyed -> of.test(destroyed.namespace());
            case Joined joined -> pids.contains(joined.process().pid());
            case Left left -> pids.contains(left.process().pid());
            case Synced _, EventsLost _, NamespaceEvent.Other _ -> false;
          };
      if (wanted) {
        story.add(line(event));
      }
    }
    return story;
  }

  /// What one event says.
  static String line(NamespaceEvent event) {
    return switch (event) {
      case Created created ->
          "created " + created.namespace().key() + created.process().map(Story::by).orElse("");
      case Destroyed destroyed ->
          "destroyed "
              + destroyed.namespace().key()
              + " "
              + destroyed.evidence()
              + destroyed.process().map(Story::by).orElse("");
      case Joined joined ->
          "joined"
              + by(joined.process())
              + places(joined.namespaces())
              + joined.cause().map(cause -> " " + cause).orElse("");
      case Left left ->
          "left"
              + by(left.process())
              + left.namespaces().stream()
                  .map(namespace -> " " + namespace.key())
                  .collect(Collectors.joining());
      case Synced _, EventsLost _, NamespaceEvent.Other _ -> event.toString();
    };
  }

  /// All that one event names, but for the initial ones.
  static Stream<Namespace> namespaces(NamespaceEvent event) {
    Stream<Namespace> named =
        switch (event) {
          case Created created -> Stream.of(created.namespace());
          case Destroyed destroyed -> Stream.of(destroyed.namespace());
          case Joined joined ->
              joined.namespaces().stream()
                  .flatMap(
                      place -> Stream.concat(Stream.of(place.namespace()), place.from().stream()));
          case Left left -> left.namespaces().stream();
          case Synced _, EventsLost _, NamespaceEvent.Other _ -> Stream.empty();
        };
    return named.filter(namespace -> !namespace.initial());
  }

  /// The events of one kind about this namespace itself.
  static <E extends NamespaceEvent> List<E> about(
      List<NamespaceEvent> events, Class<E> kind, Predicate<Namespace> is) {
    return events.stream()
        .filter(kind::isInstance)
        .map(kind::cast)
        .filter(event -> namespaceOf(event).filter(is).isPresent())
        .toList();
  }

  private static Optional<Namespace> namespaceOf(NamespaceEvent event) {
    return switch (event) {
      case Created created -> Optional.of(created.namespace());
      case Destroyed destroyed -> Optional.of(destroyed.namespace());
      default -> Optional.empty();
    };
  }

  private static String by(Task task) {
    return " " + task.pid() + (task.tid() == 0 ? "" : "/" + task.tid());
  }

  private static String places(List<Place> places) {
    return places.stream()
        .map(
            place ->
                " "
                    + place.namespace().key()
                    + place.from().map(from -> "<" + from.key()).orElse(""))
        .collect(Collectors.joining());
  }

  /// Whether it is about this process, and not about a thread of it.
  static boolean isOf(NamespaceEvent event, int pid) {
    return switch (event) {
      case Joined joined -> joined.process().pid() == pid && joined.process().tid() == 0;
      case Left left -> left.process().pid() == pid && left.process().tid() == 0;
      default -> false;
    };
  }
}
