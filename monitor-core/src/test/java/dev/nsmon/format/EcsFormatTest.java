package dev.nsmon.format;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.nsmon.event.NamespaceEvent;
import dev.nsmon.event.NamespaceEvent.Joined;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Every field is one that the schema has, of its type, or is under `nsmon`.
///
/// `ecs-9.4.0.fields.txt` lists the fields of eight field sets and three of `threat` with their
/// types in TypeScript, as the npm package `@elastic/ecs` 9.4.0 declares them
/// (github.com/elastic/ecs-typescript, Apache License 2.0).
final class EcsFormatTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Host HOST = new Host("node-1", "m-id", "b-id");

  /// Which types the schema expects in a category.
  private static final Map<String, Set<String>> TYPES =
      Map.of(
          "process", Set.of("access", "change", "end", "info", "start"),
          "host", Set.of("access", "change", "end", "info", "start"));

  private final Map<String, String> fields = fields();

  private static Map<String, String> fields() {
    Map<String, String> fields = new HashMap<>();
    try (InputStream in = EcsFormatTest.class.getResourceAsStream("ecs-9.4.0.fields.txt")) {
      for (String line : new String(in.readAllBytes(), UTF_8).lines().toList()) {
        int blank = line.indexOf(' ');
        fields.put(line.substring(0, blank), line.substring(blank + 1));
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return fields;
  }

  private static JsonNode written(NamespaceEvent event) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new EcsFormat(HOST, "s-1").write(12, event, out);
    String line = out.toString(US_ASCII);
    assertTrue(line.endsWith("}\n") && line.indexOf('\n') == line.length() - 1, line);
    return MAPPER.readTree(line);
  }

  private void check(String path, JsonNode value) {
    if (value.isObject()) {
      assertFalse(value.isEmpty(), path);
      value
          .properties()
          .forEach(
              one -> {
                if (!(path.isEmpty() && one.getKey().equals("nsmon"))) {
                  check((path.isEmpty() ? "" : path + ".") + one.getKey(), one.getValue());
                }
              });
      return;
    }
    String type = fields.get(path);
    assertTrue(type != null, "the schema has no " + path);
    if (value.isArray()) {
      assertTrue(type.contains("Array<string>"), path + ": " + type);
    } else if (value.isNumber()) {
      assertEquals("number", type, path);
    } else {
      assertTrue(type.equals("string") || type.equals("'" + value.asText() + "'"), path + type);
    }
  }

  @Test
  void everyFieldIsOneOfTheSchema() throws IOException {
    for (NamespaceEvent event : Samples.all()) {
      JsonNode told = written(event);
      check("", told);
      JsonNode about = told.get("event");
      assertEquals(event.kind().toString(), about.get("action").asText());
      assertEquals(12, about.get("sequence").asLong());
      assertTrue(
          Set.of("alert", "event", "state", "pipeline_error").contains(about.get("kind").asText()),
          about.toString());
      if (about.has("category")) {
        assertTrue(
            TYPES
                .get(about.get("category").get(0).asText())
                .contains(about.get("type").get(0).asText()),
            about.toString());
      }
      assertFalse(about.get("type").toString().contains("start"), about.toString());
    }
  }

  @Test
  void whatTheSchemaHasNoFieldForIsOurs() throws IOException {
    for (NamespaceEvent event : Samples.all()) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      new JsonFormat(HOST, "s-1").write(12, event, out);
      JsonNode record = MAPPER.readTree(out.toByteArray());
      JsonNode told = written(event);
      for (String field :
          new String[] {
            "stream",
            "source",
            "namespace",
            "namespaces",
            "evidence",
            "lifetimeMillis",
            "counts",
            "where",
            "first",
            "last",
            "count"
          }) {
        assertEquals(record.path(field), told.get("nsmon").path(field), field);
      }
      if (event instanceof Joined) {
        assertEquals(record.at("/process/cause"), told.at("/nsmon/cause"));
      }
      for (String[] pair :
          new String[][] {
            {"/time", "/@timestamp"},
            {"/process/pid", "/process/pid"},
            {"/process/comm", "/process/name"},
            {"/process/exe", "/process/executable"},
            {"/container/id", "/container/id"},
            {"/container/name", "/container/name"},
            {"/container/image", "/container/image/name"},
            {"/container/podUid", "/orchestrator/resource/id"},
            {"/container/unit", "/service/name"},
            {"/notBefore", "/event/start"},
          }) {
        assertEquals(record.at(pair[0]), told.at(pair[1]), pair[1]);
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
