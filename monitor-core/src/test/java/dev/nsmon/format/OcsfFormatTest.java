package dev.nsmon.format;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.nsmon.event.Kind;
import dev.nsmon.event.NamespaceEvent;
import dev.nsmon.event.NamespaceEvent.Created;
import dev.nsmon.event.NamespaceEvent.Destroyed;
import dev.nsmon.event.NamespaceEvent.EventsLost;
import dev.nsmon.event.NamespaceEvent.Joined;
import dev.nsmon.event.NamespaceEvent.Left;
import dev.nsmon.event.NamespaceEvent.Other;
import dev.nsmon.event.NamespaceEvent.Synced;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Every record is an event that the schema allows, and says what the record says.
final class OcsfFormatTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Host HOST = new Host("node-1", "m-id", "b-id");

  private final Map<String, Map<String, String>> definitions = definitions();

  /// By class or object, the type of each attribute with its mark.
  private static Map<String, Map<String, String>> definitions() {
    Map<String, Map<String, String>> all = new HashMap<>();
    try (InputStream in = OcsfFormatTest.class.getResourceAsStream("ocsf-1.8.0.txt")) {
      for (String line : new String(in.readAllBytes(), UTF_8).lines().toList()) {
        if (!line.startsWith("#")) {
          Map<String, String> attributes = new LinkedHashMap<>();
          String[] words = line.split(" ", -1);
          for (String word : words) {
            int colon = word.indexOf(':');
            if (colon > 0) {
              attributes.put(word.substring(0, colon), word.substring(colon + 1));
            } else if (word.equals("base") && !words[0].equals("base")) {
              attributes.putAll(all.get("base"));
            }
          }
          all.put(words[0], attributes);
        }
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return all;
  }

  private static JsonNode written(NamespaceEvent event) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new OcsfFormat(HOST, "s-1", "1.2").write(12, event, out);
    String line = out.toString(UTF_8);
    assertTrue(line.endsWith("}\n") && line.indexOf('\n') == line.length() - 1, line);
    return MAPPER.readTree(line);
  }

  private void check(JsonNode object, String name) {
    Map<String, String> attributes = definitions.get(name);
    boolean choice = false;
    boolean chosen = false;
    for (Map.Entry<String, String> one : attributes.entrySet()) {
      boolean has = object.has(one.getKey());
      assertTrue(has || !one.getValue().endsWith("!"), name + " lacks " + one.getKey() + object);
      choice |= one.getValue().endsWith("|");
      chosen |= has && one.getValue().endsWith("|");
    }
    assertTrue(chosen || !choice, name + " has none of those that are enough: " + object);
    object
        .properties()
        .forEach(
            one -> {
              String type = attributes.get(one.getKey());
              assertTrue(type != null, name + " has no " + one.getKey());
              checkType(one.getValue(), type.replaceAll("[!|]", ""), name + "." + one.getKey());
            });
  }

  private void checkType(JsonNode value, String type, String at) {
    switch (type) {
      case "integer" -> assertTrue(value.isInt() || value.isLong(), at);
      case "timestamp" -> assertTrue(value.isLong() && value.asLong() > 1_000_000_000_000L, at);
      case "string" -> assertTrue(value.isTextual() && !value.asText().isEmpty(), at);
      case "boolean" -> assertTrue(value.isBoolean(), at);
      case "array" -> assertTrue(value.isArray(), at);
      case "object" -> assertTrue(value.isObject(), at);
      default -> check(value, type);
    }
  }

  @Test
  void everyKindOfRecordIsWhatTheSchemaAllows() throws IOException {
    for (NamespaceEvent event : Samples.all()) {
      JsonNode told = written(event);
      check(told, told.get("class_uid").asText());
      assertEquals(
          told.get("class_uid").asInt() * 100 + told.get("activity_id").asInt(),
          told.get("type_uid").asInt());
      assertEquals(told.get("class_uid").asInt() / 1000, told.get("category_uid").asInt());
      assertEquals("s-1/12", told.at("/metadata/uid").asText());
      assertEquals(event.sighting().time().toEpochMilli(), told.get("time").asLong());
      assertEquals(
          switch (event) {
            case Created _ -> 100301;
            case Destroyed _ -> 100303;
            case Joined _ -> 100799;
            case Left _ -> 100702;
            case Synced _, EventsLost _, Other _ -> 99;
          },
          told.get("type_uid").asInt());
      if (event.kind() == Kind.EVENTS_LOST) {
        assertEquals(3, told.get("severity_id").asInt());
      }
    }
  }

  @Test
  void whatHasNoPlaceIsUnmapped() throws IOException {
    for (NamespaceEvent event : Samples.all()) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      new JsonFormat(HOST, "s-1").write(12, event, out);
      JsonNode record = MAPPER.readTree(out.toByteArray());
      JsonNode unmapped = written(event).get("unmapped");
      for (String field :
          new String[] {
            "namespace", "namespaces", "evidence", "lifetimeMillis", "counts", "where"
          }) {
        assertEquals(record.path(field), unmapped.path(field), field);
      }
      if (event instanceof Joined) {
        assertEquals(record.at("/process/cause"), unmapped.path("cause"));
      }
    }
  }

  @Test
  void unknownIsAbsent() throws IOException {
    for (NamespaceEvent event : Samples.events("")) {
      String told = written(event).toString();
      assertFalse(told.contains(":null") || told.contains(":\"\"") || told.contains(":-1"), told);
    }
  }
}
