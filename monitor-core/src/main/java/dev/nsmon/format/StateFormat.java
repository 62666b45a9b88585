package dev.nsmon.format;

import java.util.function.Consumer;

/// Formats the values of the state topic, which [StateReader] parses.
public final class StateFormat {
  /// Formats a state as one object on one line, without line end.
  public byte[] write(NamespaceState state) {
    return bytes(
        json -> {
          json.writeNumberField("schema", JsonFormat.SCHEMA);
          JsonValues.host(json, state.host());
          json.writeStringField("stream", state.stream());
          json.writeNumberField("seq", state.seq());
          json.writeTimeField("time", state.time());
          content(json, state);
        });
  }

  /// The part of a state that consumers compare, without stream, sequence number and time. If two
  /// states are equal in it, the second need not be published.
  public byte[] content(NamespaceState state) {
    return bytes(
        json -> {
          JsonValues.host(json, state.host());
          content(json, state);
        });
  }

  private static void content(JsonWriter json, NamespaceState state) {
    json.writeObjectFieldStart("namespace");
    JsonValues.namespace(json, state.namespace(), state.holders());
    json.writeEndObject();
    json.writeNumberField("processCount", state.processes());
    if (state.namespace().created().isPresent()) {
      json.writeTimeField("created", state.namespace().created().get());
    }
    JsonValues.container(json, state.container());
  }

  private static byte[] bytes(Consumer<JsonWriter> fields) {
    JsonWriter json = JsonWriter.begin();
    json.writeStartObject();
    fields.accept(json);
    json.writeEndObject();
    return json.end();
  }
}
