package dev.nsmon.format;

import static dev.nsmon.format.JsonFields.required;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import dev.nsmon.container.Container;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// Reads what [JsonFormat#writePresent] wrote, as [JsonReader] reads events: any order of the
/// fields will do, and unknown ones are skipped. Any thread may call it.
public final class PresentReader {
  private final JsonReader reader = new JsonReader();
  private final JsonFactory factory =
      JsonFactory.builder()
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
          .build();

  /// A namespace of those that there were.
  public static final class One {
    private final byte[] json;
    private final NamespaceState state;

    private One(byte[] json, NamespaceState state) {
      this.json = json;
      this.state = state;
    }

    /// As it stands there, in ASCII on one line; not to be changed.
    public byte[] json() {
      return json;
    }

    /// What it says.
    public NamespaceState state() {
      return state;
    }
  }

  /// Reads it.
  ///
  /// @throws IOException if it is none: the one line of the message names the field
  public List<One> read(byte[] json) throws IOException {
    Draft draft = new Draft();
    reader.read(json, draft::field);
    return draft.all();
  }

  /// The fields as they come. Null is what has not come.
  private final class Draft {
    private Long schema;
    private Host host;
    private String stream;
    private Long seq;
    private Instant time;
    private List<byte[]> namespaces;

    void field(String name, JsonParser json) throws IOException {
      switch (name) {
        case "schema" -> schema = JsonFields.schema(json);
        case "host" -> host = JsonFields.host(json);
        case "stream" -> stream = JsonFields.text(json, name);
        case "seq" -> seq = JsonFields.number(json, name);
        case "time" -> time = JsonFields.time(json, name);
        case "namespaces" -> namespaces = objects(json, name);
        default -> json.skipChildren();
      }
    }

    List<One> all() throws IOException {
      required(schema, "schema");
      List<One> all = new ArrayList<>();
      for (byte[] one : required(namespaces, "namespaces")) {
        all.add(new One(one, state(one)));
      }
      return all;
    }

    private NamespaceState state(byte[] json) throws IOException {
      JsonNamespace namespace;
      try (JsonParser parser = factory.createParser(json)) {
        parser.nextToken();
        namespace = JsonNamespace.read(parser, "namespaces");
      }
      Count count = new Count();
      reader.read(json, count::field);
      return new NamespaceState(
          required(host, "host"),
          required(stream, "stream"),
          required(seq, "seq"),
          required(time, "time"),
          namespace.namespace(),
          namespace.holders(),
          count.processes,
          Container.NONE);
    }
  }

  private static final class Count {
    private int processes;

    void field(String name, JsonParser json) throws IOException {
      if (name.equals("processCount")) {
        processes = JsonFields.integer(json, name);
      } else {
        json.skipChildren();
      }
    }
  }

  private List<byte[]> objects(JsonParser json, String field) throws IOException {
    JsonFields.beginArray(json, field);
    List<byte[]> objects = new ArrayList<>();
    while (json.nextToken() != JsonToken.END_ARRAY) {
      JsonFields.beginObject(json, field);
      ByteArrayOutputStream out = new ByteArrayOutputStream(256);
      try (JsonGenerator to = factory.createGenerator(out)) {
        to.copyCurrentStructureExact(json);
      }
      objects.add(out.toByteArray());
    }
    return objects;
  }
}
