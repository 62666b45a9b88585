package dev.nsmon.deploy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The samples for log shippers that are not to be had here: their form, and that the names in them
/// are ours.
class PipelinesTest {
  private static final String SCHEMA = "/dev/nsmon/format/event-v1.schema.json";

  @ParameterizedTest
  @CsvSource({
    "vector.yaml, /sources/nsmon/topics/0",
    "fluent-bit.yaml, /pipeline/inputs/0/topics",
  })
  void yamlReadsTheTopic(String file, String at) throws IOException {
    JsonNode tree = Deploy.yaml(Deploy.read("pipelines/" + file)).getFirst();
    assertEquals("nsmon.events", tree.at(at).asText());
  }

  /// Every part of Vector's graph takes from one that is there.
  @Test
  void vectorsPartsAreJoined() throws IOException {
    JsonNode tree = Deploy.yaml(Deploy.read("pipelines/vector.yaml")).getFirst();
    for (String part : List.of("transforms", "sinks")) {
      for (JsonNode one : tree.get(part)) {
        String input = one.at("/inputs/0").asText();
        assertTrue(tree.at("/sources").has(input) || tree.at("/transforms").has(input), input);
      }
    }
  }

  @Test
  void splunkReadsTheTopic() throws IOException {
    JsonNode tree = Deploy.json(Deploy.read("pipelines/splunk-connect-for-kafka.json"));
    assertEquals("nsmon.events", tree.at("/config/topics").asText());
    for (JsonNode value : tree.get("config")) {
      assertTrue(value.isTextual(), "Kafka Connect takes strings: " + value);
    }
  }

  @Test
  void filebeatReadsWhatServeWrites() throws IOException {
    String text = Deploy.read("pipelines/filebeat.yml");
    JsonNode input = Deploy.yaml(text).getFirst().at("/filebeat.inputs/0");
    assertEquals("/var/log/nsmon/events.json*", input.at("/paths/0").asText());
    assertEquals("event.id", input.at("/parsers/0/ndjson/document_id").asText());
    assertTrue(text.contains("--file /var/log/nsmon/events.json --file-format ecs"), text);
  }

  @Test
  void logstashsBracesAreClosed() throws IOException {
    String text =
        Deploy.read("pipelines/logstash.conf")
            .replaceAll("(?m)#.*$", "")
            .replaceAll("\"[^\"\n]*\"", "s");
    assertFalse(text.contains("\""), "a string is not closed");
    int depth = 0;
    for (int i = 0; i < text.length(); i++) {
      depth += text.charAt(i) == '{' ? 1 : text.charAt(i) == '}' ? -1 : 0;
      assertTrue(depth >= 0, "closed before it is opened");
    }
    assertEquals(0, depth);
    assertTrue(Deploy.read("pipelines/logstash.conf").contains("topics => [\"nsmon.events\"]"));
  }

  /// @param pattern finds where a field of the record is named
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "vector.yaml     ; (?:condition: |!\\()\\.([a-zA-Z.]+)      ; 2",
        "vector.yaml     ; \\{\\{ ([a-zA-Z.]+) }}                   ; 2",
        "fluent-bit.yaml ; \\$payload\\['([a-zA-Z]+)'\\]            ; 1",
        "logstash.conf   ; \\[nsmon\\]((?:\\[[a-zA-Z]+\\])+)        ; 10",
      })
  void fieldsAreThoseOfTheRecord(String file, String pattern, int count) throws IOException {
    Matcher matcher = Pattern.compile(pattern).matcher(Deploy.read("pipelines/" + file));
    List<String> fields = new ArrayList<>();
    while (matcher.find()) {
      fields.add(matcher.group(1).replaceAll("[\\[\\]]+", ".").replaceAll("^\\.|\\.$", ""));
    }
    assertEquals(count, fields.size(), fields::toString);
    for (String field : fields) {
      assertTrue(isOfTheRecord(field), field + " is no field of the record");
    }
    assertFalse(isOfTheRecord("process.name"));
  }

  /// Whether the schema has it: at the top, or in what one of the kinds has besides.
  private static boolean isOfTheRecord(String field) throws IOException {
    JsonNode root;
    try (InputStream in = PipelinesTest.class.getResourceAsStream(SCHEMA)) {
      root = Deploy.json(new String(in.readAllBytes(), UTF_8));
    }
    List<JsonNode> levels = new ArrayList<>(List.of(root.get("properties")));
    root.get("oneOf").forEach(kind -> levels.add(kind.get("properties")));
    for (String name : field.split("\\.", -1)) {
      Optional<JsonNode> found =
          levels.stream()
              .filter(level -> level.has(name))
              .map(level -> level.get(name))
              .findFirst();
      if (found.isEmpty()) {
        return false;
      }
      String ref = found.get().path("$ref").asText("");
      levels.clear();
      levels.add((ref.isEmpty() ? found.get() : root.at(ref.substring(1))).path("properties"));
    }
    return true;
  }
}
