package dev.nsmon.format;

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
import java.util.List;
import java.util.OptionalLong;

/// Writes the fields that depend on the kind of event: namespaces, attention, evidence, counts and
/// losses. In nsmon's record they are at the top level; other schemas have them in an object of
/// their own.
final class JsonDetails {
  private JsonDetails() {}

  static void write(JsonWriter json, NamespaceEvent event) {
    switch (event) {
      case Created created -> {
        json.writeObjectFieldStart("namespace");
        JsonValues.namespace(json, created.namespace(), created.holders());
        json.writeEndObject();
      }
      case Joined joined -> {
        places(json, joined.namespaces());
        attention(json, joined.attention());
      }
      case Left left -> namespaces(json, left.namespaces());
      case Destroyed destroyed -> destroyed(json, destroyed);
      case Synced synced -> synced(json, synced);
      case EventsLost lost -> {
        json.writePlainField("where", lost.where().toString());
        number(json, "first", lost.first());
        number(json, "last", lost.last());
        number(json, "count", lost.count());
      }
      case Other other -> {
        if (!other.namespaces().isEmpty()) {
          namespaces(json, other.namespaces());
        }
      }
    }
  }

  private static void namespaces(JsonWriter json, List<Namespace> namespaces) {
    json.writeObjectFieldStart("namespaces");
    for (Namespace namespace : namespaces) {
      json.writeObjectFieldStart(namespace.type().kernelName());
      JsonValues.identity(json, namespace);
      json.writeEndObject();
    }
    json.writeEndObject();
  }

  private static void places(JsonWriter json, List<Place> places) {
    json.writeObjectFieldStart("namespaces");
    for (Place place : places) {
      json.writeObjectFieldStart(place.namespace().type().kernelName());
      JsonValues.identity(json, place.namespace());
      if (place.from().isPresent()) {
        json.writeObjectFieldStart("from");
        JsonValues.identity(json, place.from().get());
        json.writeEndObject();
      }
      json.writeEndObject();
    }
    json.writeEndObject();
  }

  private static void attention(JsonWriter json, List<Attention> attention) {
    if (attention.isEmpty()) {
      return;
    }
    texts(json, "attention", attention.stream().map(Attention::toString).toList());
    texts(
        json,
        "attack",
        attention.stream().flatMap(one -> one.technique().stream()).distinct().toList());
  }

  /// Writes an array of texts; nothing if it is empty.
  static void texts(JsonWriter json, String field, List<String> texts) {
    if (!texts.isEmpty()) {
      json.writeArrayFieldStart(field);
      for (String text : texts) {
        json.writeString(text);
      }
      json.writeEndArray();
    }
  }

  private static void destroyed(JsonWriter json, Destroyed destroyed) {
    json.writeObjectFieldStart("namespace");
    JsonValues.namespace(json, destroyed.namespace(), List.of());
    json.writeEndObject();
    number(json, "lifetimeMillis", destroyed.lifetimeMillis());
    json.writePlainField("evidence", destroyed.evidence().toString());
  }

  private static void synced(JsonWriter json, Synced synced) {
    json.writeObjectFieldStart("counts");
    json.writeNumberField("processes", synced.processes());
    json.writeNumberField("unreadable", synced.unreadable());
    json.writeObjectFieldStart("namespaces");
    for (var count : synced.namespaces().entrySet()) {
      json.writeNumberField(count.getKey().kernelName(), count.getValue());
    }
    json.writeEndObject();
    json.writeEndObject();
  }

  static void number(JsonWriter json, String field, OptionalLong value) {
    if (value.isPresent()) {
      json.writeNumberField(field, value.getAsLong());
    }
  }
}
