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

/// The fields of one record as they come; when all have come, what they tell. Null is what has not
/// come.
final class JsonRecord {
  private static final Kind[] KINDS = Kind.values();
  private static final Source[] SOURCES = Source.values();
  private static final Evidence[] EVIDENCES = Evidence.values();
  private static final EventsLost.Where[] WHERES = EventsLost.Where.values();

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

  /// Takes the field at whose value the parser is.
  void field(String name, JsonParser json) throws IOException {
    switch (name) {
      case "schema" -> schema = JsonFields.schema(json);
      case "stream" -> stream = text(json, name);
      case "seq" -> seq = number(json, name, 1, Long.MAX_VALUE);
      case "kind" -> kind = word(json, name, KINDS);
      case "time" -> time = JsonFields.time(json, name);
      case "notBefore" -> notBefore = JsonFields.time(json, name);
      case "source" -> source = word(json, name, SOURCES);
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
      case "evidence" -> evidence = word(json, name, EVIDENCES);
      case "counts" -> counts = JsonCounts.read(json);
      case "where" -> where = word(json, name, WHERES);
      case "lifetimeMillis" -> lifetimeMillis = optional(json, name);
      case "first" -> first = optional(json, name);
      case "last" -> last = optional(json, name);
      case "count" -> count = optional(json, name);
      default -> json.skipChildren();
    }
  }

  private static OptionalLong optional(JsonParser json, String field) throws IOException {
    return OptionalLong.of(number(json, field));
  }

  /// What the fields tell.
  ///
  /// @throws IOException if one is missing
  JsonReader.Told told() throws IOException {
    required(schema, "schema");
    return new JsonReader.Told(
        required(stream, "stream"), seqIfAny(), required(host, "host"), event());
  }

  /// What tells a state has none, and neither has a loss that nobody knows the extent of.
  private long seqIfAny() throws IOException {
    boolean may = (source == Source.BASELINE && kind != Kind.SYNCED) || kind == Kind.EVENTS_LOST;
    return may && seq == null ? 0 : required(seq, "seq");
  }

  private NamespaceEvent event() throws IOException {
    Sighting sighting =
        new Sighting(
            required(time, "time"), Optional.ofNullable(notBefore), required(source, "source"));
    return switch (required(kind, "kind")) {
      case NAMESPACE_CREATED -> {
        Namespace known = created(required(namespace, "namespace"));
        yield new Created(sighting, known, member(known), holders);
      }
      case PROCESS_JOINED -> {
        Task task = required(process, "process").task(container, set(placed()));
        yield new Joined(sighting, task, places, process.cause(), attention);
      }
      case PROCESS_LEFT -> {
        List<Namespace> was = placed();
        yield new Left(sighting, required(process, "process").task(container, set(was)), was);
      }
      case NAMESPACE_DESTROYED ->
          new Destroyed(
              sighting,
              required(namespace, "namespace"),
              lifetimeMillis,
              required(evidence, "evidence"),
              member(namespace));
      case SYNCED -> {
        required(counts, "counts");
        yield new Synced(sighting, counts.namespaces(), counts.processes(), counts.unreadable());
      }
      case EVENTS_LOST -> new EventsLost(sighting, required(where, "where"), first, last, count);
    };
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
