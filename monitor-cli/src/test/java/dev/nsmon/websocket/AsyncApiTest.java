package dev.nsmon.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.nsmon.event.Kind;
import dev.nsmon.testing.StrictSchema;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// The description is what AsyncAPI 3 asks for, needs nothing from elsewhere, and its examples are
/// records.
final class AsyncApiTest {
  private static final JsonNode DOCUMENT =
      Asking.ask(new AsyncApiRoute("1.2.3"), "/asyncapi.json").json();

  private static Schema schema(Class<?> beside, String name, SpecificationVersion version)
      throws IOException {
    try (InputStream schema = beside.getResourceAsStream(name)) {
      return SchemaRegistry.withDefaultDialect(version).getSchema(schema);
    }
  }

  private static Schema asyncApi() throws IOException {
    return schema(AsyncApiTest.class, "asyncapi-3.0.0.schema.json", SpecificationVersion.DRAFT_7);
  }

  private static Schema event() throws IOException {
    return StrictSchema.closed();
  }

  @Test
  void itIsValid() throws IOException {
    assertEquals("1.2.3", DOCUMENT.at("/info/version").asText());
    assertEquals(List.of(), asyncApi().validate(DOCUMENT));
  }

  @Test
  void theValidatorWouldFindAFault() throws IOException {
    ObjectNode wrong = DOCUMENT.deepCopy();
    ((ObjectNode) wrong.at("/operations/tellEvents")).put("action", "tell");
    assertFalse(asyncApi().validate(wrong).isEmpty());
    wrong = DOCUMENT.deepCopy();
    ((ObjectNode) wrong.at("/channels/publishedState/bindings/kafka")).put("partitions", "many");
    assertFalse(asyncApi().validate(wrong).isEmpty());
  }

  @Test
  void everyReferenceIsToAPartOfIt() {
    Set<String> references = new HashSet<>();
    DOCUMENT.findValues("$ref").forEach(one -> references.add(one.asText()));
    assertTrue(references.size() > 20, references::toString);
    for (String reference : references) {
      assertTrue(reference.startsWith("#/"), reference);
      assertFalse(DOCUMENT.at(reference.substring(1)).isMissingNode(), reference);
    }
  }

  @Test
  void everyExampleOfARecordIsOne() throws IOException {
    Set<String> kinds = new HashSet<>();
    for (String message : List.of("event", "publishedEvent")) {
      for (JsonNode one : DOCUMENT.at("/components/messages/" + message + "/examples")) {
        assertEquals(List.of(), event().validate(one.get("payload")), one::toString);
        kinds.add(one.at("/payload/kind").asText());
      }
    }
    assertEquals(Kind.values().length, kinds.size());
  }

  @Test
  void theCloudEventOfTheExamplesIsOne() throws IOException {
    JsonNode cloudEvent = DOCUMENT.at("/components/messages/cloudEvent/examples/0/payload");
    JsonNode data = cloudEvent.get("data");
    assertEquals(List.of(), event().validate(data));
    assertEquals(
        data.get("stream").asText() + "/" + data.get("seq").asText(),
        cloudEvent.get("id").asText());
    assertEquals("dev.nsmon." + data.get("kind").asText(), cloudEvent.get("type").asText());
    assertEquals(data.get("seq").asLong(), Long.parseLong(cloudEvent.get("sequence").asText()));
  }
}
