package dev.nsmon.format;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import dev.nsmon.event.NamespaceEvent;
import dev.nsmon.event.NamespaceEvent.Created;
import dev.nsmon.event.NamespaceEvent.Destroyed;
import dev.nsmon.event.NamespaceEvent.EventsLost;
import dev.nsmon.event.NamespaceEvent.Joined;
import dev.nsmon.event.NamespaceEvent.Left;
import dev.nsmon.event.NamespaceEvent.Sighting;
import dev.nsmon.event.NamespaceEvent.Synced;
import dev.nsmon.namespace.Namespace;
import dev.nsmon.namespace.Snapshot;
import dev.nsmon.namespace.Task;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/// The record as JSON, one object on one line, as `event-v1.schema.json` describes it.
public final class JsonFormat implements EventFormat {
  /// The version of the record that is written, and read.
  static final int SCHEMA = 1;

  // Pure ASCII: a name with bidi or C1 controls in it is harmless even where JSON runs over a
  // terminal, and means the same to a parser.
  private final JsonFactory factory =
      JsonFactory.builder()
          .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
          .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
          .build();
  private final Host host;
  private final String stream;

  /// @param stream the stream that the numbers belong to
  public JsonFormat(Host host, String stream) {
    this.host = host;
    this.stream = stream;
  }

  @Override
  public void write(long seq, NamespaceEvent event, OutputStream out) throws IOException {
    write(OptionalLong.of(seq), event, out);
  }

  /// Writes a record that has no number, since it tells a state and not what came next, and its
  /// line end. Nobody can resume after it.
  ///
  /// @throws IOException only if `out` does
  public void writeUnnumbered(NamespaceEvent event, OutputStream out) throws IOException {
    write(OptionalLong.empty(), event, out);
  }

  private void write(OptionalLong seq, NamespaceEvent event, OutputStream out) throws IOException {
    try (JsonGenerator json = factory.createGenerator(out)) {
      json.writeStartObject();
      json.writeNumberField("schema", SCHEMA);
      json.writeStringField("stream", stream);
      JsonDetails.number(json, "seq", seq);
      json.writeStringField("kind", event.kind().toString());
      sighting(json, event.sighting());
      JsonValues.host(json, hostOf(event.sighting()));
      switch (event) {
        case Joined joined -> {
          JsonValues.process(json, joined.process(), joined.cause());
          JsonDetails.write(json, event);
        }
        case Left left -> {
          JsonValues.process(json, left.process());
          JsonDetails.write(json, event);
        }
        case Created _, Destroyed _, Synced _, EventsLost _ -> {
          JsonDetails.write(json, event);
          if (event.task().isPresent()) {
            JsonValues.process(json, event.task().get());
          }
        }
      }
      json.writeEndObject();
    }
    out.write('\n');
  }

  private static void sighting(JsonGenerator json, Sighting sighting) throws IOException {
    json.writeStringField("time", Rfc3339.utc(sighting.time()));
    if (sighting.notBefore().isPresent()) {
      json.writeStringField("notBefore", Rfc3339.utc(sighting.notBefore().get()));
    }
    json.writeStringField("source", sighting.source().toString());
  }

  private Host hostOf(Sighting sighting) {
    return sighting.earlierBoot().map(boot -> new Host(host.name(), host.id(), boot)).orElse(host);
  }

  /// Writes what a snapshot holds, a namespace a line: the event's `namespace` with `processCount`
  /// and `pids`, where they are known.
  ///
  /// @param members by key, the processes in each namespace
  public void writeNamespaces(
      Snapshot snapshot,
      List<Namespace> namespaces,
      Map<String, List<Task>> members,
      OutputStream out)
      throws IOException {
    for (Namespace namespace : namespaces) {
      try (JsonGenerator json = factory.createGenerator(out)) {
        namespace(json, snapshot, namespace, members);
      }
      out.write('\n');
    }
  }

  private static void namespace(
      JsonGenerator json, Snapshot snapshot, Namespace namespace, Map<String, List<Task>> members)
      throws IOException {
    List<Task> tasks = members.getOrDefault(namespace.key(), List.of());
    json.writeStartObject();
    JsonValues.namespace(json, namespace, snapshot.holdersOf(namespace));
    if (ListTable.isCounted(namespace, tasks)) {
      json.writeNumberField("processCount", tasks.size());
      json.writeArrayFieldStart("pids");
      for (Task task : tasks) {
        json.writeNumber(task.pid());
      }
      json.writeEndArray();
    }
    json.writeEndObject();
  }

  /// Writes what there is as one object, which [PresentReader] reads: the host, the place in the
  /// stream, and the namespaces as [#writeNamespaces] does.
  ///
  /// @param seq number of the last event that the snapshot includes
  /// @param members by key, the processes in each namespace
  public void writePresent(
      long seq,
      Snapshot snapshot,
      List<Namespace> namespaces,
      Map<String, List<Task>> members,
      OutputStream out)
      throws IOException {
    try (JsonGenerator json = factory.createGenerator(out)) {
      json.writeStartObject();
      json.writeNumberField("schema", SCHEMA);
      json.writeStringField("stream", stream);
      json.writeNumberField("seq", seq);
      json.writeStringField("time", Rfc3339.utc(snapshot.time()));
      JsonValues.host(json, host);
      json.writeArrayFieldStart("namespaces");
      for (Namespace namespace : namespaces) {
        namespace(json, snapshot, namespace, members);
      }
      json.writeEndArray();
      json.writeEndObject();
    }
    out.write('\n');
  }
}
