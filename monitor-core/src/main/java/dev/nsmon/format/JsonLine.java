package dev.nsmon.format;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

/// Normalizes JSON from other programs to one line of ASCII, which is safe to display.
public final class JsonLine {
  private final JsonFactory factory =
      JsonFactory.builder()
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
          .build();

  /// Returns the same array if it is ASCII without control characters, as all output of nsmon is.
  /// Else the value is written again in this form.
  ///
  /// @throws IOException if it is no JSON
  public byte[] of(byte[] json) throws IOException {
    for (byte one : json) {
      if (one < ' ') {
        return written(json);
      }
    }
    return json;
  }

  private byte[] written(byte[] json) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream(json.length + 64);
    try (JsonParser from = factory.createParser(json);
        JsonGenerator to = factory.createGenerator(out)) {
      while (from.nextToken() != null) {
        to.copyCurrentEventExact(from);
      }
    }
    return out.toByteArray();
  }
}
