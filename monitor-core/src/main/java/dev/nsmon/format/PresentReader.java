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
import java.util.function.Consumer;

/// Parses the state that [JsonFormat#writePresent] wrote. Fields may be in any order; unknown
/// fields and namespaces of an unknown type are skipped. Any thread.
public final class PresentReader {
  private final JsonReader reader = new JsonReader();
  private final Consumer<String> remarks;
  private final JsonFactory factory =
      JsonFactory.builder()
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
          .build();

  /// @param remarks receives a message if namespaces were skipped
  public PresentReader(Consumer<String> remarks) {
    this.remarks = remarks;
  }

  /// A namespace of the state.
  public static final class One {
    private final byte[] json;
    private final NamespaceState state;

    private One(byte[] json, NamespaceState state) {
      this.json = json;
      this.state = state;
    }

    /// Its JSON in ASCII on one line; must not be changed.
    public byte[] json() {
      return json;
    }

    /// Its parsed value.
    public NamespaceState state() {
      return state;
    }
  }

  /// Parses a state.
  ///
  /// @throws IOException if it is none; the message is one line and names the field
  public List<One> read(byte[] json) throws IOException {
    Draft draft = new Draft();
    reader.read(json, draft::field);
    return draft.all();
  }

  /// The fields; a null field was absent.
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
      int unknown = 0;
      String why = "";
      for (byte[] one : required(namespaces, "namespaces")) {
        try {
          all.add(new One(one, state(one)));
        } catch (UnknownTypeException e) {
          unknown++;
          why = e.getMessage();
        }
      }
      if (unknown > 0) {
        remarks.accept("passed over " + unknown + " namespaces of a newer nsmon: " + why);
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
