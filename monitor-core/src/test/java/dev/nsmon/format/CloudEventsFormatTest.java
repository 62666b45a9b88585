package dev.nsmon.format;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.nsmon.event.NamespaceEvent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// A CloudEvent is what the schema of CloudEvents says, and its data is the record.
final class CloudEventsFormatTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Host HOST = new Host("node-1", "m-id", "b-id");

  private final JsonFormat records = new JsonFormat(HOST, "s-1");
  private final CloudEventsFormat events = new CloudEventsFormat(HOST, "s-1");

  @Test
  void everyKindOfRecordIsACloudEvent() throws IOException {
    for (NamespaceEvent event : Samples.all()) {
      ByteArrayOutputStream record = new ByteArrayOutputStream();
      records.write(12, event, record);
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      events.write(12, event, out);
      JsonNode told = MAPPER.readTree(out.toByteArray());
      assertEquals(List.of(), schema().validate(told), told.toString());
      assertEquals(MAPPER.readTree(record.toByteArray()), told.get("data"));
      JsonNode namespace = told.at("/data/namespace/key");
      Map<String, String> expected = new TreeMap<>();
      expected.put("specversion", "1.0");
      expected.put("id", "s-1/12");
      expected.put("source", "urn:nsmon:" + HOST.id());
      expected.put("type", "dev.nsmon." + event.kind());
      expected.put("time", told.at("/data/time").asText());
      expected.put("datacontenttype", "application/json");
      expected.put("sequence", "00000000000000000012");
      if (!namespace.isMissingNode()) {
        expected.put("subject", namespace.asText());
      }
      Map<String, String> attributes = new TreeMap<>();
      told.properties().forEach(one -> attributes.put(one.getKey(), one.getValue().asText()));
      attributes.remove("data");
      assertEquals(expected, attributes);

      byte[] line = record.toByteArray();
      ByteArrayOutputStream again = new ByteArrayOutputStream();
      events.write(
          12,
          event.kind(),
          event.sighting().time(),
          CloudEvents.subject(event),
          line,
          line.length - 1,
          again);
      assertArrayEquals(out.toByteArray(), again.toByteArray());
    }
  }

  @Test
  void whatHasNoNumberHasANameAndNoSequence() throws IOException {
    NamespaceEvent event = Samples.events("nginx").getFirst();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    events.writeUnnumbered("5/0", event, out);
    JsonNode told = MAPPER.readTree(out.toByteArray());
    assertEquals(List.of(), schema().validate(told), told.toString());
    assertEquals("s-1/5/0", told.get("id").asText());
    assertFalse(told.has("sequence") || told.get("data").has("seq"));
  }

  @Test
  void aHostOfAnyNameIsNoHarm() throws IOException {
    String name = "a\"\\\u00e9\u0001";
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new CloudEventsFormat(new Host(name, "", ""), name)
        .write(1, Samples.events("nginx").getFirst(), out);
    assertTrue(out.toString(ISO_8859_1).chars().allMatch(c -> c == '\n' || (c >= ' ' && c < 0x7f)));
    JsonNode told = MAPPER.readTree(out.toByteArray());
    assertEquals("urn:nsmon:" + name, told.get("source").asText());
    assertEquals(name + "/1", told.get("id").asText());
  }

  @Test
  void aControlInANameIsEscapedInTheAttributes() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new CloudEventsFormat(new Host("~\u007f", "", ""), "s-1")
        .write(1, Samples.events("nginx").getFirst(), out);
    String told = out.toString(ISO_8859_1);
    assertTrue(told.contains("\"source\":\"urn:nsmon:~\\u007f\""), told);
  }

  private static Schema schema() throws IOException {
    SchemaRegistry registry = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
    try (InputStream schema =
        CloudEventsFormatTest.class.getResourceAsStream("cloudevents.schema.json")) {
      return registry.getSchema(schema);
    }
  }
}
