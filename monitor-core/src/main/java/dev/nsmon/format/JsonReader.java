package dev.nsmon.format;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.nsmon.event.NamespaceEvent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/// Parses the records that [JsonFormat] of this version or a newer one wrote. Fields may be in any
/// order. Unknown fields are skipped and unknown words are kept. A record of an unknown kind, or
/// about an unknown type of namespace, becomes a [NamespaceEvent.Other] that holds the whole
/// record. Any thread.
///
/// Parsed values hold only what the record contains. A task is live, has instance 0 and is in the
/// namespaces that the record names. Of a namespace in a join or an exit only the identity is
/// known. The control group is a path made up from the record's container.
public final class JsonReader {
  // Names are not interned, because the table of interned names is never emptied and any writer to
  // the topic could fill it.
  private final JsonLine line = new JsonLine();
  private final JsonFactory factory =
      JsonFactory.builder().disable(JsonFactory.Feature.INTERN_FIELD_NAMES).build();

  /// A parsed record.
  ///
  /// @param stream the stream that the number belongs to
  /// @param seq its sequence number; 0 if it has none, as a record of the baseline or of a loss of
  ///   unknown extent
  /// @param host the host that the stream is about
  public record Told(String stream, long seq, Host host, NamespaceEvent event) {}

  /// Parses one record, with or without its line end.
  ///
  /// @throws IOException if it is no valid record; the message is one line and names the field
  public Told read(byte[] json) throws IOException {
    JsonRecord record = new JsonRecord();
    try {
      read(json, record::field);
      return record.isOfUnknownKind() ? record.other(line(json)) : record.told();
    } catch (IOException e) {
      return unknown(json, e);
    }
  }

  /// Parses only the fields that every record has. Used for a record whose other fields can't be
  /// parsed because its kind or a namespace type is unknown.
  private Told unknown(byte[] json, IOException fault) throws IOException {
    JsonRecord record = new JsonRecord();
    try {
      read(json, record::envelope);
      if (fault instanceof UnknownTypeException || record.isOfUnknownKind()) {
        return record.other(line(json));
      }
    } catch (IOException e) {
      // The first exception says more.
    }
    throw fault;
  }

  private String line(byte[] json) throws IOException {
    return new String(line.of(json), StandardCharsets.US_ASCII);
  }

  /// Receives each field, with the parser at its value.
  interface Fields {
    void field(String name, JsonParser json) throws IOException;
  }

  /// Parses one object and passes its fields on.
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
