package dev.nsmon.format;

import dev.nsmon.container.Container;
import dev.nsmon.event.Attention;
import dev.nsmon.event.NamespaceEvent;
import dev.nsmon.event.NamespaceEvent.Created;
import dev.nsmon.event.NamespaceEvent.Destroyed;
import dev.nsmon.event.NamespaceEvent.EventsLost;
import dev.nsmon.event.NamespaceEvent.Joined;
import dev.nsmon.event.NamespaceEvent.Left;
import dev.nsmon.event.NamespaceEvent.Place;
import dev.nsmon.event.NamespaceEvent.Synced;
import dev.nsmon.namespace.Namespace;
import java.util.List;
import java.util.function.BiConsumer;

/// A record as pairs of a name and a value, for formats that know no more than that. The names are
/// those of our record, put together: `nsKey`, `containerId`. Where a record tells of several
/// namespaces, the values stand beside each other with blanks between them. Unknown is left out.
final class Pairs {
  private final BiConsumer<String, String> to;

  Pairs(BiConsumer<String, String> to) {
    this.to = to;
  }

  void of(NamespaceEvent event) {
    switch (event) {
      case Created created -> namespace(created.namespace());
      case Destroyed destroyed -> {
        namespace(destroyed.namespace());
        put("evidence", destroyed.evidence().toString());
        destroyed.lifetimeMillis().ifPresent(millis -> put("lifetimeMillis", "" + millis));
      }
      case Joined joined -> {
        names(joined.namespaces().stream().map(Place::namespace).toList(), "ns");
        names(
            joined.namespaces().stream().flatMap(place -> place.from().stream()).toList(), "from");
        joined.cause().ifPresent(cause -> put("cause", cause.toString()));
        put("attention", joined(joined.attention().stream().map(Attention::toString).toList()));
        put(
            "attack",
            joined(
                joined.attention().stream()
                    .flatMap(one -> one.technique().stream())
                    .distinct()
                    .toList()));
      }
      case Left left -> names(left.namespaces(), "ns");
      case Synced synced -> {
        put("processes", "" + synced.processes());
        put("unreadable", "" + synced.unreadable());
        synced.namespaces().forEach((type, count) -> put(type.kernelName(), "" + count));
      }
      case EventsLost lost -> {
        put("where", lost.where().toString());
        lost.first().ifPresent(first -> put("first", "" + first));
        lost.last().ifPresent(last -> put("last", "" + last));
        lost.count().ifPresent(count -> put("count", "" + count));
      }
    }
  }

  private void namespace(Namespace namespace) {
    names(List.of(namespace), "ns");
    put("nsInitial", "" + namespace.initial());
    put("nsParent", namespace.parent());
    put("nsOwner", namespace.owner());
  }

  private void names(List<Namespace> namespaces, String prefix) {
    put(prefix + "Type", joined(namespaces.stream().map(one -> one.type().kernelName()).toList()));
    put(prefix + "Key", joined(namespaces.stream().map(Namespace::key).toList()));
    put(prefix + "Name", joined(namespaces.stream().map(Namespace::name).toList()));
  }

  private static String joined(List<String> all) {
    return String.join(" ", all);
  }

  void container(Container container) {
    put("containerId", container.id());
    put("runtime", container.runtime());
    put("podUid", container.podUid());
    put("unit", container.unit());
  }

  void put(String name, String value) {
    if (!value.isEmpty()) {
      to.accept(name, value);
    }
  }
}
