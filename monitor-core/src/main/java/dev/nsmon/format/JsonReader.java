package dev.nsmon.format;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.nsmon.event.NamespaceEvent;
import java.io.IOException;

/// Reads what [JsonFormat] wrote. Any order of the fields will do; fields that it does not know are
/// skipped, for a newer writer may have added them. Any thread may call it.
///
/// What a record does not hold is as unknown as it was to the reader of the record: a task is live,
/// its instance is 0 and it is in the namespaces that the record names; of a namespace in a join or
/// an exit only its identity is known; the control group is one that tells the record's container.
public final class JsonReader {
  // Names are not interned: whoever writes to the topic would fill a table that is never emptied.
  private final JsonFactory factory =
      JsonFactory.builder().disable(JsonFactory.Feature.INTERN_FIELD_NAMES).build();

  /// A record, read.
  ///
  /// @param stream the stream that the number belongs to
  /// @param seq 0 if the record has none: one that tells a state, or a loss of unknown extent
  /// @param host the host that the stream is about
  public record Told(String stream, long seq, Host host, NamespaceEvent event) {}

  /// Reads one record, with or without its line end.
  ///
  /// @throws IOException if it is none: the one line of the message names the field
  public Told read(byte[] json) throws IOException {
    JsonRecord record = new JsonRecord();
    read(json, record::field);
    return record.told();
  }

  /// Takes a field at whose value the parser is.
  interface Fields {
    void field(String name, JsonParser json) throws IOException;
  }

  /// Reads one object.
  void read(byte[] json, Fields fields) throws IOException {
    try (JsonParser parser = factory.createParser(json)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new IOException("not a JSON object");
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String field = parser.currentName();
        parser.nextToken();
        fields.field(field, parser);
      }
      if (parser.nextToken() != null) {
        throw new IOException("more than one JSON object");
      }
    } catch (JacksonException e) {
      throw new IOException("not JSON: " + Escape.text(e.getOriginalMessage()), e);
    }
  }
}
