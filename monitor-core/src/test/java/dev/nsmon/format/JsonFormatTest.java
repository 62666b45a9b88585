package dev.nsmon.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Schema;
import dev.nsmon.container.Container;
import dev.nsmon.event.NamespaceEvent;
import dev.nsmon.event.NamespaceEvent.Created;
import dev.nsmon.event.NamespaceEvent.Destroyed;
import dev.nsmon.event.NamespaceEvent.EventsLost;
import dev.nsmon.event.NamespaceEvent.Joined;
import dev.nsmon.event.NamespaceEvent.Left;
import dev.nsmon.event.NamespaceEvent.Other;
import dev.nsmon.event.NamespaceEvent.Synced;
import dev.nsmon.namespace.ContainerName;
import dev.nsmon.namespace.ProcessInfo;
import dev.nsmon.namespace.Task;
import dev.nsmon.testing.StrictSchema;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Every record is one line of JSON that its schema describes, and the golden file shows.
final class JsonFormatTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final JsonFormat FORMAT =
      new JsonFormat(new Host("node-1", "m-id", "b-id"), "s-1");

  @Test
  void everyKindOfRecordIsAsTheGoldenFileHasIt() throws IOException {
    try (InputStream golden = getClass().getResourceAsStream("events.golden.jsonl")) {
      String expected = new String(golden.readAllBytes(), StandardCharsets.UTF_8);
      assertEquals(expected, write(Samples.events("nginx")));
    }
  }

  @Test
  void everyKindOfRecordObeysTheSchema() throws IOException {
    for (JsonNode record : records(Samples.all())) {
      assertEquals(List.of(), schema().validate(record), record.toString());
    }
  }

  @Test
  void theSchemaRefusesWhatTheRecordIsNot() throws IOException {
    JsonNode created = records(Samples.events("nginx")).getFirst();
    List<ObjectNode> wrong = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      wrong.add(created.deepCopy());
    }
    wrong.get(0).remove("seq");
    wrong.get(1).put("surprise", 1);
    wrong.get(2).put("kind", "process-left");
    ((ObjectNode) wrong.get(3).get("namespace")).put("id", 810);
    ((ObjectNode) wrong.get(4).get("process")).put("comm", "");
    for (ObjectNode record : wrong) {
      assertFalse(schema().validate(record).isEmpty(), record.toString());
    }
  }

  @Test
  void onlyAStateAndALossThatNobodyKnowsMayHaveNoNumber() throws IOException {
    for (NamespaceEvent event : Samples.events("nginx")) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      FORMAT.writeUnnumbered(event, out);
      ObjectNode record = (ObjectNode) MAPPER.readTree(out.toByteArray());
      assertFalse(record.has("seq"));
      assertFalse(
          record.get("source").asText().equals("poll")
              && !(event instanceof EventsLost)
              && schema().validate(record).isEmpty(),
          record.toString());
      record.put("source", "baseline");
      boolean may =
          switch (event) {
            case Created _, Joined _, EventsLost _, Other _ -> true;
            case Left _, Destroyed _, Synced _ -> false;
          };
      assertEquals(may, schema().validate(record).isEmpty(), record.toString());
    }
  }

  @Test
  void aHostileNameStaysOneLineOfAsciiThatParsesBack() throws IOException {
    String name = "\u001b[31m\n\"\\\u202e)\uFFFD\u009b\u2028";
    List<NamespaceEvent> events = Samples.events(name);
    String text = write(events);
    assertEquals(events.size(), text.lines().count());
    assertTrue(text.chars().allMatch(c -> c == '\n' || (c >= ' ' && c < 0x7f)), text);
    assertEquals(name, records(events).get(2).at("/process/comm").asText());
  }

  @Test
  void aContainersPodQualityAndNameAreWhatTheSchemaKnows() throws IOException {
    NamespaceEvent event = Samples.events("nginx").getFirst();
    Task task = event.task().orElseThrow();
    for (String qos : List.of("guaranteed", "burstable", "besteffort")) {
      Container container =
          new Container(
              "0123456789abcdef".repeat(4),
              "cri-o",
              "0a1b2c3d-1111-2222-3333-445566778899",
              qos,
              "",
              new ContainerName("web", "nginx:1.29"));
      ProcessInfo info = task.info().withCgroup(container.cgroup());
      Task named = task.with(info.inContainer(container.called()));
      JsonNode record = records(List.of(event.with(named))).getFirst();
      assertEquals(List.of(), schema().validate(record), record.toString());
      assertEquals(qos, record.at("/container/qos").asText());
      assertEquals("web", record.at("/container/name").asText());
      assertEquals("nginx:1.29", record.at("/container/image").asText());
    }
  }

  private static Schema schema() throws IOException {
    return StrictSchema.closed();
  }

  private static List<JsonNode> records(List<NamespaceEvent> events) throws IOException {
    List<JsonNode> records = new ArrayList<>();
    for (String line : write(events).lines().toList()) {
      records.add(MAPPER.readTree(line));
    }
    return records;
  }

  private static String write(List<NamespaceEvent> events) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    long seq = 1;
    for (NamespaceEvent event : events) {
      FORMAT.write(seq++, event, out);
    }
    return out.toString(StandardCharsets.UTF_8);
  }
}
