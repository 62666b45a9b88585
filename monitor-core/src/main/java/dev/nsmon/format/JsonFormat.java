package dev.nsmon.format;

import dev.nsmon.event.NamespaceEvent;
import dev.nsmon.event.NamespaceEvent.Created;
import dev.nsmon.event.NamespaceEvent.Destroyed;
import dev.nsmon.event.NamespaceEvent.EventsLost;
import dev.nsmon.event.NamespaceEvent.Joined;
import dev.nsmon.event.NamespaceEvent.Left;
import dev.nsmon.event.NamespaceEvent.Other;
import dev.nsmon.event.NamespaceEvent.Sighting;
import dev.nsmon.event.NamespaceEvent.Synced;
import dev.nsmon.namespace.Namespace;
import dev.nsmon.namespace.Snapshot;
import dev.nsmon.namespace.Task;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/// Formats a record as JSON, one object per line, as `event-v1.schema.json` describes it. Output is
/// pure ASCII: bidi or C1 controls in a name are escaped, so they can't affect a terminal, and
/// parsers decode them.
public final class JsonFormat implements EventFormat {
  /// The version of the record, for writing and reading.
  static final int SCHEMA = 1;

  private final Host host;
  private final String stream;
  private final byte[] beginning;
  private final byte[] hostField;

  /// @param stream the stream that the sequence numbers belong to
  public JsonFormat(Host host, String stream) {
    this.host = host;
    this.stream = stream;
    // Constant parts of each record.
    this.beginning = JsonWriter.fields(json -> beginning(json, stream));
    this.hostField = JsonWriter.fields(json -> JsonValues.host(json, host));
  }

  private static void beginning(JsonWriter json, String stream) {
    json.writeNumberField("schema", SCHEMA);
    json.writeStringField("stream", stream);
  }

  @Override
  public void write(long seq, NamespaceEvent event, OutputStream out) throws IOException {
    write(OptionalLong.of(seq), event, out);
  }

  /// Formats one record, without line end.
  public byte[] record(long seq, NamespaceEvent event) {
    return event instanceof Other other
        ? asItCame(other)
        : written(OptionalLong.of(seq), event).end();
  }

  /// Writes a record without sequence number, and its line end. Such a record describes state, not
  /// the next event, and no reader can resume after it.
  ///
  /// @throws IOException only if `out` does
  public void writeUnnumbered(NamespaceEvent event, OutputStream out) throws IOException {
    write(OptionalLong.empty(), event, out);
  }

  private void write(OptionalLong seq, NamespaceEvent event, OutputStream out) throws IOException {
    if (event instanceof Other other) {
      out.write(asItCame(other));
      out.write('\n');
    } else {
      written(seq, event).endLine(out);
    }
  }

  private static byte[] asItCame(Other other) {
    return other.json().getBytes(StandardCharsets.US_ASCII);
  }

  private JsonWriter written(OptionalLong seq, NamespaceEvent event) {
    JsonWriter json = JsonWriter.begin();
    json.writeStartObject();
    json.writeFields(beginning);
    JsonDetails.number(json, "seq", seq);
    json.writePlainField("kind", event.kind().toString());
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
      case Created _, Destroyed _, Synced _, EventsLost _, Other _ -> {
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
    json.writePlainField("source", sighting.source().toString());
  }

  private void host(JsonWriter json, Sighting sighting) {
    if (sighting.earlierBoot().isPresent()) {
      JsonValues.host(json, new Host(host.name(), host.id(), sighting.earlierBoot().get()));
    } else {
      json.writeFields(hostField);
    }
  }

  /// Writes namespaces of a snapshot, one per line: the `namespace` object of events, with
  /// `processCount` and `pids` where known.
  ///
  /// @param members the processes in each namespace, by key
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

  /// Writes the current state as one object, which [PresentReader] reads: the host, the position in
  /// the stream, and the namespaces as in [#writeNamespaces].
  ///
  /// @param seq sequence number of the last event that the snapshot includes
  /// @param members the processes in each namespace, by key
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
