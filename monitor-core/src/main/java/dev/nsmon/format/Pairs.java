package dev.nsmon.format;

import dev.nsmon.container.Container;
import dev.nsmon.event.Attention;
import dev.nsmon.event.NamespaceEvent;
import dev.nsmon.event.NamespaceEvent.Created;
import dev.nsmon.event.NamespaceEvent.Destroyed;
import dev.nsmon.event.NamespaceEvent.EventsLost;
import dev.nsmon.event.NamespaceEvent.Joined;
import dev.nsmon.event.NamespaceEvent.Left;
import dev.nsmon.event.NamespaceEvent.Other;
import dev.nsmon.event.NamespaceEvent.Place;
import dev.nsmon.event.NamespaceEvent.Synced;
import dev.nsmon.namespace.Namespace;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/// Flattens a record to pairs of name and value, for formats without nested objects. Names are
/// composed from those of nsmon's record: `nsKey`, `containerId`. Values of several namespaces are
/// joined with blanks. Unknown values are omitted.
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
        List<Namespace> to = new ArrayList<>(joined.namespaces().size());
        List<Namespace> from = new ArrayList<>();
        for (Place place : joined.namespaces()) {
          to.add(place.namespace());
          place.from().ifPresent(from::add);
        }
        names(to, "nsType", "nsKey", "nsName");
        names(from, "fromType", "fromKey", "fromName");
        joined.cause().ifPresent(cause -> put("cause", cause.toString()));
        attention(joined.attention());
      }
      case Left left -> names(left.namespaces(), "nsType", "nsKey", "nsName");
      case Synced synced -> {
        put("processes", "" + synced.processes());
        put("unreadable", "" + synced.unreadable());
        synced.namespaces().forEach((type, count) -> put(type.kernelName(), "" + count));
      }
      case Other other -> names(other.namespaces(), "nsType", "nsKey", "nsName");
      case EventsLost lost -> {
        put("where", lost.where().toString());
        lost.first().ifPresent(first -> put("first", "" + first));
        lost.last().ifPresent(last -> put("last", "" + last));
        lost.count().ifPresent(count -> put("count", "" + count));
      }
    }
  }

  private void attention(List<Attention> attention) {
    if (!attention.isEmpty()) {
      put("attention", joined(attention.stream().map(Attention::toString).toList()));
      put(
          "attack",
          joined(attention.stream().flatMap(one -> one.technique().stream()).distinct().toList()));
    }
  }

  private static String joined(List<String> all) {
    return String.join(" ", all);
  }

  private void namespace(Namespace namespace) {
    names(List.of(namespace), "nsType", "nsKey", "nsName");
    put("nsInitial", namespace.initial() ? "true" : "false");
    put("nsParent", namespace.parent());
    put("nsOwner", namespace.owner());
  }

  private void names(List<Namespace> namespaces, String type, String key, String name) {
    if (namespaces.size() == 1) {
      Namespace only = namespaces.getFirst();
      put(type, only.type().kernelName());
      put(key, only.key());
      put(name, only.name());
    } else if (!namespaces.isEmpty()) {
      put(type, joined(namespaces.stream().map(one -> one.type().kernelName()).toList()));
      put(key, joined(namespaces.stream().map(Namespace::key).toList()));
      put(name, joined(namespaces.stream().map(Namespace::name).toList()));
    }
  }

  void container(Container container) {
    put("containerId", container.id());
    put("runtime", container.runtime());
    put("containerName", container.called().name());
    put("containerImage", container.called().image());
    put("podUid", container.podUid());
    put("qos", container.qos());
    put("unit", container.unit());
  }

  void put(String name, String value) {
    if (!value.isEmpty()) {
      to.accept(name, value);
    }
  }
}
