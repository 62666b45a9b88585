package dev.nsmon.format;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.nsmon.container.Container;
import dev.nsmon.event.Attention;
import dev.nsmon.namespace.ContainerName;
import dev.nsmon.namespace.Word;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// Reads single values of a record. The parser is positioned at the value and stays at its last
/// token. A value of another type or out of range throws an [IOException] that names the field.
final class JsonFields {
  private JsonFields() {}

  /// Checks that a mandatory field was present.
  static <T> T required(T value, String field) throws IOException {
    if (value == null) {
      throw new IOException(field + ": missing");
    }
    return value;
  }

  /// Reads and checks the version of a record.
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

  /// A whole number from 0 to `Long.MAX_VALUE`.
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

  /// A user id: an unsigned 32-bit number, returned as `int`.
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

  /// A word of an open list.
  ///
  /// @param of creates the word from its text
  static <T> T word(JsonParser json, String field, Function<String, T> of) throws IOException {
    String text = text(json, field);
    if (!Word.isWord(text)) {
      throw new IOException(field + ": not a word: " + Escape.text(text));
    }
    return of.apply(text);
  }

  static List<Attention> attention(JsonParser json, String field) throws IOException {
    beginArray(json, field);
    List<Attention> attention = new ArrayList<>();
    while (json.nextToken() != JsonToken.END_ARRAY) {
      attention.add(word(json, field, Attention::of));
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
