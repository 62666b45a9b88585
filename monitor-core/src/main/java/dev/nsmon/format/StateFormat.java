package dev.nsmon.format;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/// Writes the values of the state topic, which [StateReader] reads. Used by one thread at a time.
public final class StateFormat {
  private final JsonFactory factory =
      JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();
  private final ByteArrayOutputStream buffer = new ByteArrayOutputStream(512);

  /// One object on one line, without a line end.
  public byte[] write(NamespaceState state) {
    return bytes(
        json -> {
          json.writeNumberField("schema", JsonFormat.SCHEMA);
          JsonValues.host(json, state.host());
          json.writeStringField("stream", state.stream());
          json.writeNumberField("seq", state.seq());
          json.writeStringField("time", Rfc3339.utc(state.time()));
          content(json, state);
        });
  }

  /// What of it is news: two states that are equal in this differ only in when they were told.
  public byte[] content(NamespaceState state) {
    return bytes(
        json -> {
          JsonValues.host(json, state.host());
          content(json, state);
        });
  }

  private static void content(JsonGenerator json, NamespaceState state) throws IOException {
    json.writeObjectFieldStart("namespace");
    JsonValues.namespace(json, state.namespace(), state.holders());
    json.writeEndObject();
    json.writeNumberField("processCount", state.processes());
    if (state.namespace().created().isPresent()) {
      json.writeStringField("created", Rfc3339.utc(state.namespace().created().get()));
    }
    JsonValues.container(json, state.container());
  }

  private interface Fields {
    void to(JsonGenerator json) throws IOException;
  }

  private byte[] bytes(Fields fields) {
    buffer.reset();
    try (JsonGenerator json = factory.createGenerator(buffer)) {
      json.writeStartObject();
      fields.to(json);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("memory can't fail", e);
    }
    return buffer.toByteArray();
  }
}
