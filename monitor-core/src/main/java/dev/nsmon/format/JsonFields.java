package dev.nsmon.format;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.nsmon.container.Container;
import dev.nsmon.event.Attention;
import dev.nsmon.namespace.ContainerName;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// Reads single values of a record. The parser is at the value and stays at its last token; what is
/// of another type, or not in its range, is an [IOException] that names the field.
final class JsonFields {
  private JsonFields() {}

  /// The value of a field that every such record has.
  static <T> T required(T value, String field) throws IOException {
    if (value == null) {
      throw new IOException(field + ": missing");
    }
    return value;
  }

  /// The version of a record, which must be the one that is known.
  static long schema(JsonParser json) throws IOException {
    long version = number(json, "schema");
    if (version != JsonFormat.SCHEMA) {
      throw new IOException("schema: " + version + ", and only " + JsonFormat.SCHEMA + " is known");
    }
    return version;
  }

  static String text(JsonParser json, String field) throws IOException {
    demand(json, JsonToken.VALUE_STRING, field, "a text");
    return json.getText();
  }

  /// A whole number from 0 to what a long holds.
  static long number(JsonParser json, String field) throws IOException {
    return number(json, field, 0, Long.MAX_VALUE);
  }

  /// A whole number from `min` to `max`.
  static long number(JsonParser json, String field, long min, long max) throws IOException {
    demand(json, JsonToken.VALUE_NUMBER_INT, field, "a whole number");
    if (json.getNumberType() == JsonParser.NumberType.BIG_INTEGER
        || json.getLongValue() < min
        || json.getLongValue() > max) {
      throw new IOException(field + ": not from " + min + " to " + max);
    }
    return json.getLongValue();
  }

  static int integer(JsonParser json, String field) throws IOException {
    return (int) number(json, field, 0, Integer.MAX_VALUE);
  }

  /// A user id, which C holds in 32 bits without a sign.
  static int uid(JsonParser json, String field) throws IOException {
    return (int) number(json, field, 0, 0xFFFF_FFFFL);
  }

  static boolean truth(JsonParser json, String field) throws IOException {
    if (!json.currentToken().isBoolean()) {
      throw new IOException(field + ": not true or false");
    }
    return json.getBooleanValue();
  }

  static Instant time(JsonParser json, String field) throws IOException {
    String text = text(json, field);
    return Rfc3339.parseUtc(text)
        .orElseThrow(() -> new IOException(field + ": not a time: " + Escape.text(text)));
  }

  /// The value that this text names.
  static <T> T word(JsonParser json, String field, T[] values) throws IOException {
    String text = text(json, field);
    for (T value : values) {
      if (value.toString().equals(text)) {
        return value;
      }
    }
    throw new IOException(field + ": not known: " + Escape.text(text));
  }

  static List<Attention> attention(JsonParser json, String field) throws IOException {
    beginArray(json, field);
    List<Attention> attention = new ArrayList<>();
    while (json.nextToken() != JsonToken.END_ARRAY) {
      String text = text(json, field);
      attention.add(
          Attention.parse(text)
              .orElseThrow(() -> new IOException(field + ": not known: " + Escape.text(text))));
    }
    return attention;
  }

  static void beginObject(JsonParser json, String field) throws IOException {
    demand(json, JsonToken.START_OBJECT, field, "an object");
  }

  static void beginArray(JsonParser json, String field) throws IOException {
    demand(json, JsonToken.START_ARRAY, field, "an array");
  }

  private static void demand(JsonParser json, JsonToken token, String field, String what)
      throws IOException {
    if (json.currentToken() != token) {
      throw new IOException(field + ": not " + what);
    }
  }

  static Host host(JsonParser json) throws IOException {
    beginObject(json, "host");
    String name = "";
    String id = "";
    String bootId = "";
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String field = json.currentName();
      json.nextToken();
      switch (field) {
        case "name" -> name = text(json, "host.name");
        case "id" -> id = text(json, "host.id");
        case "bootId" -> bootId = text(json, "host.bootId");
        default -> json.skipChildren();
      }
    }
    return new Host(name, id, bootId);
  }

  static Container container(JsonParser json) throws IOException {
    beginObject(json, "container");
    String id = "";
    String runtime = "";
    String name = "";
    String image = "";
    String podUid = "";
    String qos = "";
    String unit = "";
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String field = json.currentName();
      json.nextToken();
      switch (field) {
        case "id" -> id = text(json, "container.id");
        case "runtime" -> runtime = text(json, "container.runtime");
        case "name" -> name = text(json, "container.name");
        case "image" -> image = text(json, "container.image");
        case "podUid" -> podUid = text(json, "container.podUid");
        case "qos" -> qos = text(json, "container.qos");
        case "unit" -> unit = text(json, "container.unit");
        default -> json.skipChildren();
      }
    }
    return new Container(id, runtime, podUid, qos, unit).called(new ContainerName(name, image));
  }
}
