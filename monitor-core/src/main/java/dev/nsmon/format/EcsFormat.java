package dev.nsmon.format;

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
import dev.nsmon.event.NamespaceEvent.Sighting;
import dev.nsmon.event.NamespaceEvent.Synced;
import dev.nsmon.event.Source;
import dev.nsmon.namespace.ProcessInfo;
import dev.nsmon.namespace.Task;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;

/// Formats a record in the Elastic Common Schema, one JSON object per line. The schema has no
/// fields for namespaces; they are under `nsmon`, with the names of nsmon's own record.
///
/// No record has the type `start`, because queries that count process starts must not count these
/// records.
public final class EcsFormat implements EventFormat {
  /// The version of the schema that records follow.
  public static final String VERSION = "9.4.0";

  private final Host host;
  private final String stream;

  /// @param stream the stream that the sequence numbers belong to
  public EcsFormat(Host host, String stream) {
    this.host = host;
    this.stream = stream;
  }

  @Override
  public void write(long seq, NamespaceEvent event, OutputStream out) throws IOException {
    Sighting sighting = event.sighting();
    String boot = sighting.earlierBoot().orElse(host.bootId());
    JsonWriter json = JsonWriter.begin();
    json.writeStartObject();
    json.writeTimeField("@timestamp", sighting.time());
    json.writeStringField("message", Summary.of(event));
    json.writeObjectFieldStart("ecs");
    json.writeStringField("version", VERSION);
    json.writeEndObject();
    event(json, seq, event);
    host(json, boot);
    if (event.task().isPresent()) {
      Task task = event.task().get();
      process(json, task, boot);
      container(json, Container.of(task.info()));
    }
    if (event instanceof Joined joined && !joined.attention().isEmpty()) {
      threat(json, joined.attention());
    }
    json.writeObjectFieldStart("nsmon");
    json.writeStringField("stream", stream);
    json.writeStringField("source", sighting.source().toString());
    if (event instanceof Joined joined && joined.cause().isPresent()) {
      json.writeStringField("cause", joined.cause().get().toString());
    }
    JsonDetails.write(json, event);
    json.writeEndObject();
    json.writeEndObject();
    json.endLine(out);
  }

  private void event(JsonWriter json, long seq, NamespaceEvent event) {
    Sighting sighting = event.sighting();
    json.writeObjectFieldStart("event");
    json.writeStringField("id", CloudEvents.id(stream, seq));
    json.writeNumberField("sequence", seq);
    json.writeStringField("kind", kind(event));
    if (event.kind() != Kind.EVENTS_LOST) {
      array(json, "category", event.kind() == Kind.SYNCED ? "host" : "process");
    }
    array(json, "type", type(event));
    json.writeStringField("action", event.kind().toString());
    json.writeStringField("module", "nsmon");
    json.writeStringField("dataset", "nsmon.events");
    json.writeStringField("provider", "nsmon");
    if (sighting.notBefore().isPresent()) {
      json.writeTimeField("start", sighting.notBefore().get());
      json.writeTimeField("end", sighting.time());
    }
    json.writeEndObject();
  }

  private static String kind(NamespaceEvent event) {
    if (event.kind() == Kind.EVENTS_LOST) {
      return "pipeline_error";
    }
    if (event instanceof Joined joined && !joined.attention().isEmpty()) {
      return "alert";
    }
    return event.kind() == Kind.SYNCED || event.sighting().source() == Source.BASELINE
        ? "state"
        : "event";
  }

  private static String type(NamespaceEvent event) {
    return switch (event) {
      case Joined _ -> "change";
      case Left _ -> "end";
      case EventsLost _ -> "error";
      case Created _, Destroyed _, Synced _, Other _ -> "info";
    };
  }

  private static void threat(JsonWriter json, List<Attention> attention) {
    JsonDetails.texts(json, "tags", attention.stream().map(Attention::toString).toList());
    if (attention.stream().anyMatch(one -> one.technique().isPresent())) {
      json.writeObjectFieldStart("threat");
      json.writeStringField("framework", "MITRE ATT&CK");
      json.writeObjectFieldStart("technique");
      array(json, "id", Attention.ESCAPE_TO_HOST);
      array(json, "name", "Escape to Host");
      json.writeEndObject();
      json.writeEndObject();
    }
  }

  private static void array(JsonWriter json, String field, String only) {
    json.writeArrayFieldStart(field);
    json.writeString(only);
    json.writeEndArray();
  }

  private void host(JsonWriter json, String boot) {
    json.writeObjectFieldStart("host");
    JsonValues.text(json, "id", host.id());
    JsonValues.text(json, "name", host.name());
    JsonValues.text(json, "hostname", host.name());
    if (!boot.isEmpty()) {
      json.writeObjectFieldStart("boot");
      json.writeStringField("id", boot);
      json.writeEndObject();
    }
    json.writeEndObject();
  }

  private static void process(JsonWriter json, Task task, String boot) {
    ProcessInfo info = task.info();
    json.writeObjectFieldStart("process");
    Optional<String> entity = ProcessNames.entity(task, boot);
    if (entity.isPresent()) {
      json.writeStringField("entity_id", entity.get());
    }
    json.writeNumberField("pid", task.pid());
    if (info.nsPids().size() > 1) {
      json.writeNumberField("vpid", info.nsPids().getLast());
    }
    JsonValues.text(json, "name", info.comm());
    JsonValues.text(json, "executable", info.exe());
    if (task.tid() != 0) {
      number(json, "thread", "id", task.tid());
    }
    if (info.ppid() > 0) {
      number(json, "parent", "pid", info.ppid());
    }
    if (info.uid() != -1) {
      json.writeObjectFieldStart("user");
      json.writeStringField("id", Integer.toUnsignedString(info.uid()));
      json.writeEndObject();
    }
    json.writeEndObject();
  }

  private static void number(JsonWriter json, String object, String field, int value) {
    json.writeObjectFieldStart(object);
    json.writeNumberField(field, value);
    json.writeEndObject();
  }

  private static void container(JsonWriter json, Container container) {
    if (!container.id().isEmpty()) {
      json.writeObjectFieldStart("container");
      json.writeStringField("id", container.id());
      JsonValues.text(json, "runtime", container.runtime());
      JsonValues.text(json, "name", container.called().name());
      if (!container.called().image().isEmpty()) {
        json.writeObjectFieldStart("image");
        json.writeStringField("name", container.called().image());
        json.writeEndObject();
      }
      json.writeEndObject();
    }
    if (!container.podUid().isEmpty()) {
      json.writeObjectFieldStart("orchestrator");
      json.writeStringField("type", "kubernetes");
      json.writeObjectFieldStart("resource");
      json.writeStringField("type", "pod");
      json.writeStringField("id", container.podUid());
      json.writeEndObject();
      json.writeEndObject();
    }
    if (!container.unit().isEmpty()) {
      json.writeObjectFieldStart("service");
      json.writeStringField("name", container.unit());
      json.writeEndObject();
    }
  }
}
