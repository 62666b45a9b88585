package dev.nsmon.format;

import static dev.nsmon.format.JsonFields.number;
import static dev.nsmon.format.JsonFields.required;
import static dev.nsmon.format.JsonFields.text;
import static dev.nsmon.format.JsonFields.word;

import com.fasterxml.jackson.core.JsonParser;
import dev.nsmon.container.Container;
import dev.nsmon.event.Attention;
import dev.nsmon.event.Kind;
import dev.nsmon.event.NamespaceEvent;
import dev.nsmon.event.NamespaceEvent.Created;
import dev.nsmon.event.NamespaceEvent.Destroyed;
import dev.nsmon.event.NamespaceEvent.EventsLost;
import dev.nsmon.event.NamespaceEvent.Joined;
import dev.nsmon.event.NamespaceEvent.Left;
import dev.nsmon.event.NamespaceEvent.Other;
import dev.nsmon.event.NamespaceEvent.Place;
import dev.nsmon.event.NamespaceEvent.Sighting;
import dev.nsmon.event.NamespaceEvent.Synced;
import dev.nsmon.event.Source;
import dev.nsmon.namespace.Evidence;
import dev.nsmon.namespace.Holder;
import dev.nsmon.namespace.Namespace;
import dev.nsmon.namespace.NamespaceLink;
import dev.nsmon.namespace.NamespaceSet;
import dev.nsmon.namespace.Task;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// Collects the fields of one record and then builds the event. A null field was absent.
final class JsonRecord {
  private Long schema;
  private String stream;
  private Long seq;
  private Kind kind;
  private Instant time;
  private Instant notBefore;
  private Source source;
  private Host host;
  private Namespace namespace;
  private List<Holder> holders = List.of();
  private JsonProcess process;
  private Container container = Container.NONE;
  private List<Place> places;
  private List<Attention> attention = List.of();
  private Evidence evidence;
  private JsonCounts counts;
  private EventsLost.Where where;
  private OptionalLong lifetimeMillis = OptionalLong.empty();
  private OptionalLong first = OptionalLong.empty();
  private OptionalLong last = OptionalLong.empty();
  private OptionalLong count = OptionalLong.empty();

  /// Parses one field; the parser is at its value.
  void field(String name, JsonParser json) throws IOException {
    switch (name) {
      case "schema" -> schema = JsonFields.schema(json);
      case "stream" -> stream = text(json, name);
      case "seq" -> seq = number(json, name, 1, Long.MAX_VALUE);
      case "kind" -> kind = word(json, name, Kind::of);
      case "time" -> time = JsonFields.time(json, name);
      case "notBefore" -> notBefore = JsonFields.time(json, name);
      case "source" -> source = word(json, name, Source::of);
      case "host" -> host = JsonFields.host(json);
      case "namespace" -> {
        JsonNamespace read = JsonNamespace.read(json, name);
        namespace = read.namespace();
        holders = read.holders();
      }
      case "process" -> process = JsonProcess.read(json);
      case "container" -> container = JsonFields.container(json);
      case "namespaces" -> places = JsonNamespace.places(json);
      case "attention" -> attention = JsonFields.attention(json, name);
      case "evidence" -> evidence = word(json, name, Evidence::of);
      case "counts" -> counts = JsonCounts.read(json);
      case "where" -> where = word(json, name, EventsLost.Where::of);
      case "lifetimeMillis" -> lifetimeMillis = optional(json, name);
      case "first" -> first = optional(json, name);
      case "last" -> last = optional(json, name);
      case "count" -> count = optional(json, name);
      default -> json.skipChildren();
    }
  }

  /// Parses the field only if it is one that every record has.
  void envelope(String name, JsonParser json) throws IOException {
    switch (name) {
      case "schema", "stream", "seq", "kind", "time", "notBefore", "source", "host" ->
          field(name, json);
      default -> json.skipChildren();
    }
  }

  private static OptionalLong optional(JsonParser json, String field) throws IOException {
    return OptionalLong.of(number(json, field));
  }

  /// True if this version does not know the kind.
  boolean isOfUnknownKind() {
    return kind != null && Kind.byName(kind.toString()).isEmpty();
  }

  /// Builds the event.
  ///
  /// @throws IOException if a mandatory field is missing
  JsonReader.Told told() throws IOException {
    return told(event());
  }

  /// Builds an event of an unknown kind or about an unknown type of namespace.
  ///
  /// @param json the whole record, as one line
  JsonReader.Told other(String json) throws IOException {
    List<Namespace> namespaces = new ArrayList<>();
    if (namespace != null) {
      namespaces.add(namespace);
    }
    if (places != null) {
      namespaces.addAll(placed());
    }
    Optional<Task> task =
        process == null
            ? Optional.empty()
            : Optional.of(process.task(container, set(places == null ? List.of() : placed())));
    return told(new Other(sighting(), required(kind, "kind"), task, namespaces, json));
  }

  private JsonReader.Told told(NamespaceEvent event) throws IOException {
    required(schema, "schema");
    return new JsonReader.Told(
        required(stream, "stream"), seqIfAny(), required(host, "host"), event);
  }

  /// The sequence number; 0 if absent. It may be absent in baseline records other than `synced`, in
  /// `events-lost` and in records of an unknown kind.
  private long seqIfAny() throws IOException {
    boolean may =
        (source == Source.BASELINE && kind != Kind.SYNCED)
            || kind == Kind.EVENTS_LOST
            || isOfUnknownKind();
    return may && seq == null ? 0 : required(seq, "seq");
  }

  private Sighting sighting() throws IOException {
    return new Sighting(
        required(time, "time"), Optional.ofNullable(notBefore), required(source, "source"));
  }

  private NamespaceEvent event() throws IOException {
    Sighting sighting = sighting();
    required(kind, "kind");
    if (kind == Kind.NAMESPACE_CREATED) {
      Namespace known = created(required(namespace, "namespace"));
      return new Created(sighting, known, member(known), holders);
    }
    if (kind == Kind.PROCESS_JOINED) {
      Task task = required(process, "process").task(container, set(placed()));
      return new Joined(sighting, task, places, process.cause(), attention);
    }
    if (kind == Kind.PROCESS_LEFT) {
      List<Namespace> was = placed();
      return new Left(sighting, required(process, "process").task(container, set(was)), was);
    }
    if (kind == Kind.NAMESPACE_DESTROYED) {
      required(namespace, "namespace");
      required(evidence, "evidence");
      return new Destroyed(sighting, namespace, lifetimeMillis, evidence, member(namespace));
    }
    if (kind == Kind.SYNCED) {
      required(counts, "counts");
      return new Synced(sighting, counts.namespaces(), counts.processes(), counts.unreadable());
    }
    return new EventsLost(sighting, required(where, "where"), first, last, count);
  }

  private Namespace created(Namespace known) {
    return source == Source.BASELINE ? known : known.since(time);
  }

  private Optional<Task> member(Namespace of) {
    return process == null
        ? Optional.empty()
        : Optional.of(process.task(container, set(List.of(of))));
  }

  private List<Namespace> placed() throws IOException {
    List<Namespace> namespaces = new ArrayList<>(NamespaceLink.MEMBERSHIPS);
    for (Place place : required(places, "namespaces")) {
      namespaces.add(place.namespace());
    }
    return namespaces;
  }

  private static NamespaceSet set(List<Namespace> namespaces) {
    Namespace[] links = new Namespace[NamespaceLink.COUNT];
    for (Namespace namespace : namespaces) {
      links[namespace.type().ordinal()] = namespace;
    }
    return new NamespaceSet(links);
  }
}
