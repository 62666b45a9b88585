package dev.nsmon.event;

import dev.nsmon.event.NamespaceEvent.Created;
import dev.nsmon.event.NamespaceEvent.Destroyed;
import dev.nsmon.event.NamespaceEvent.EventsLost;
import dev.nsmon.event.NamespaceEvent.Joined;
import dev.nsmon.event.NamespaceEvent.Left;
import dev.nsmon.event.NamespaceEvent.Place;
import dev.nsmon.event.NamespaceEvent.Synced;
import dev.nsmon.namespace.Namespace;
import dev.nsmon.namespace.Task;
import java.util.List;
import java.util.stream.Collectors;

/// An event in a few words, as the tables of the tests have it: `joined 7#1 net:5<net:init`.
final class Told {
  private Told() {}

  static List<String> of(List<NamespaceEvent> events) {
    return events.stream().map(Told::of).toList();
  }

  static String of(NamespaceEvent event) {
    return switch (event) {
      case Created created ->
          "created " + created.namespace().key() + created.process().map(Told::by).orElse("");
      case Joined joined ->
          "joined "
              + who(joined.process())
              + joined.namespaces().stream().map(Told::place).collect(Collectors.joining());
      case Left left ->
          "left "
              + who(left.process())
              + left.namespaces().stream()
                  .map(namespace -> " " + namespace.key())
                  .collect(Collectors.joining());
      case Destroyed destroyed ->
          "destroyed " + destroyed.namespace().key() + destroyed.process().map(Told::by).orElse("");
      case Synced synced -> "synced " + synced.processes();
      case EventsLost lost -> "lost " + lost.where();
      case NamespaceEvent.Other other -> "other " + other.word();
    };
  }

  private static String by(Task task) {
    return " by " + who(task);
  }

  static String who(Task task) {
    return task.pid() + (task.tid() == 0 ? "" : "/" + task.tid()) + "#" + task.instance();
  }

  private static String place(Place place) {
    return " "
        + place.namespace().key()
        + place.from().map(Namespace::key).map("<"::concat).orElse("");
  }
}
