package dev.nsmon.format;

import static dev.nsmon.format.JsonFields.required;

import com.fasterxml.jackson.core.JsonParser;
import dev.nsmon.container.Container;
import dev.nsmon.namespace.Namespace;
import java.io.IOException;
import java.time.Instant;

/// Parses the values of the state topic. Fields may be in any order; unknown fields are skipped.
/// Any thread.
public final class StateReader {
  private final JsonReader reader = new JsonReader();

  /// Parses one value.
  ///
  /// @throws IOException if it is no valid state; the message is one line and names the field
  public NamespaceState read(byte[] json) throws IOException {
    Draft draft = new Draft();
    reader.read(json, draft::field);
    return draft.state();
  }

  /// The fields; a null field was absent.
  private static final class Draft {
    private Long schema;
    private Host host;
    private String stream;
    private Long seq;
    private Instant time;
    private JsonNamespace namespace;
    private Integer processes;
    private Instant created;
    private Container container = Container.NONE;

    void field(String name, JsonParser json) throws IOException {
      switch (name) {
        case "schema" -> schema = JsonFields.schema(json);
        case "host" -> host = JsonFields.host(json);
        case "stream" -> stream = JsonFields.text(json, name);
        case "seq" -> seq = JsonFields.number(json, name);
        case "time" -> time = JsonFields.time(json, name);
        case "namespace" -> namespace = JsonNamespace.read(json, name);
        case "processCount" -> processes = JsonFields.integer(json, name);
        case "created" -> created = JsonFields.time(json, name);
        case "container" -> container = JsonFields.container(json);
        default -> json.skipChildren();
      }
    }

    NamespaceState state() throws IOException {
      required(schema, "schema");
      Namespace known = required(namespace, "namespace").namespace();
      return new NamespaceState(
          required(host, "host"),
          required(stream, "stream"),
          required(seq, "seq"),
          required(time, "time"),
          created == null ? known : known.since(created),
          namespace.holders(),
          required(processes, "processCount"),
          container);
    }
  }
}
