package dev.nsmon.format;

import dev.nsmon.event.Kind;
import dev.nsmon.event.NamespaceEvent;
import dev.nsmon.event.NamespaceEvent.Created;
import dev.nsmon.event.NamespaceEvent.Destroyed;
import dev.nsmon.event.NamespaceEvent.EventsLost;
import dev.nsmon.event.NamespaceEvent.Joined;
import dev.nsmon.event.NamespaceEvent.Left;
import dev.nsmon.event.NamespaceEvent.Sighting;
import dev.nsmon.event.NamespaceEvent.Synced;
import dev.nsmon.event.Source;
import dev.nsmon.namespace.Namespace;
import dev.nsmon.namespace.Snapshot;
import dev.nsmon.namespace.Task;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/// The record as JSON, one object on one line, as `event-v1.schema.json` describes it. Pure ASCII:
/// a name with bidi or C1 controls in it is harmless even where JSON runs over a terminal, and
/// means the same to a parser.
public final class JsonFormat implements EventFormat {
  /// The version of the record that is written, and read.
  static final int SCHEMA = 1;

  private static final byte[][] KINDS = JsonWriter.fields("kind", Kind.values());
  private static final byte[][] SOURCES = JsonWriter.fields("source", Source.values());

  private final Host host;
  private final String stream;
  private final byte[] beginning;
  private final byte[] hostField;

  /// @param stream the stream that the numbers belong to
  public JsonFormat(Host host, String stream) {
    this.host = host;
    this.stream = stream;
    // The same in each record.
    this.beginning = JsonWriter.fields(json -> beginning(json, stream));
    this.hostField = JsonWriter.fields(json -> JsonValues.host(json, host));
  }

  private static void beginning(JsonWriter json, String stream) {
    json.writeNumberField("schema", SCHEMA);
    json.writeStringField("stream", stream);
  }

  @Override
  public void write(long seq, NamespaceEvent event, OutputStream out) throws IOException {
    written(OptionalLong.of(seq), event).endLine(out);
  }

  /// One record without its line end.
  public byte[] record(long seq, NamespaceEvent event) {
    return written(OptionalLong.of(seq), event).end();
  }

  /// Writes a record that has no number, since it tells a state and not what came next, and its
  /// line end. Nobody can resume after it.
  ///
  /// @throws IOException only if `out` does
  public void writeUnnumbered(NamespaceEvent event, OutputStream out) throws IOException {
    written(OptionalLong.empty(), event).endLine(out);
  }

  private JsonWriter written(OptionalLong seq, NamespaceEvent event) {
    JsonWriter json = JsonWriter.begin();
    json.writeStartObject();
    json.writeFields(beginning);
    JsonDetails.number(json, "seq", seq);
    json.writeFields(KINDS[event.kind().ordinal()]);
    sighting(json, event.sighting());
    host(json, event.sighting());
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
    return json;
  }

  private static void sighting(JsonWriter json, Sighting sighting) {
    json.writeTimeField("time", sighting.time());
    if (sighting.notBefore().isPresent()) {
      json.writeTimeField("notBefore", sighting.notBefore().get());
    }
    json.writeFields(SOURCES[sighting.source().ordinal()]);
  }

  private void host(JsonWriter json, Sighting sighting) {
    if (sighting.earlierBoot().isPresent()) {
      JsonValues.host(json, new Host(host.name(), host.id(), sighting.earlierBoot().get()));
    } else {
      json.writeFields(hostField);
    }
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
      JsonWriter json = JsonWriter.begin();
      namespace(json, snapshot, namespace, members);
      json.endLine(out);
    }
  }

  private static void namespace(
      JsonWriter json, Snapshot snapshot, Namespace namespace, Map<String, List<Task>> members) {
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
    JsonWriter json = JsonWriter.begin();
    json.writeStartObject();
    json.writeNumberField("schema", SCHEMA);
    json.writeStringField("stream", stream);
    json.writeNumberField("seq", seq);
    json.writeTimeField("time", snapshot.time());
    JsonValues.host(json, host);
    json.writeArrayFieldStart("namespaces");
    for (Namespace namespace : namespaces) {
      namespace(json, snapshot, namespace, members);
    }
    json.writeEndArray();
    json.writeEndObject();
    json.endLine(out);
  }
}
