package dev.nsmon.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;

/// The schema of the record without what it leaves open for a newer writer: no field, kind or word
/// but those that are described. What this version writes obeys it.
public final class StrictSchema {
  private static final String NAME = "/dev/nsmon/format/event-v1.schema.json";

  private StrictSchema() {}

  /// The schema as it is published.
  public static Schema open() throws IOException {
    return schema(read());
  }

  /// The same with nothing open.
  public static Schema closed() throws IOException {
    JsonNode schema = read();
    close(schema, false);
    return schema(schema);
  }

  private static JsonNode read() throws IOException {
    try (InputStream in = StrictSchema.class.getResourceAsStream(NAME)) {
      return new ObjectMapper().readTree(in);
    }
  }

  private static Schema schema(JsonNode node) {
    return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12).getSchema(node);
  }

  /// @param isPart whether the node is one of several that make up an object
  private static void close(JsonNode node, boolean isPart) {
    if (node instanceof ArrayNode array) {
      array.forEach(one -> close(one, true));
    } else if (node instanceof ObjectNode object) {
      closeWords(object);
      removeNewer(object);
      boolean isObject = object.path("type").asText().equals("object") && object.has("properties");
      boolean isIdentity = object.path("$ref").asText().equals("#/$defs/identity");
      if (!isPart && (isObject || isIdentity || object.has("allOf"))) {
        object.put("unevaluatedProperties", false);
      }
      object
          .properties()
          .forEach(field -> close(field.getValue(), field.getKey().equals("identity")));
    }
  }

  /// Of a list of words and any other word, the list.
  private static void closeWords(ObjectNode object) {
    JsonNode either = object.path("anyOf");
    if (either.path(1).path("$ref").asText().equals("#/$defs/word")) {
      object.remove("anyOf");
      object.setAll((ObjectNode) either.get(0));
    }
  }

  private static void removeNewer(ObjectNode object) {
    if (object.path("oneOf") instanceof ArrayNode kinds) {
      for (int i = kinds.size() - 1; i >= 0; i--) {
        if (kinds.get(i).path("title").asText().startsWith("Of a kind that a newer")) {
          kinds.remove(i);
        }
      }
    }
  }
}
