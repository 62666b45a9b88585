package dev.nsmon.format;

import static dev.nsmon.format.JsonFields.integer;
import static dev.nsmon.format.JsonFields.required;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.nsmon.namespace.NamespaceType;
import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/// The `counts` field of a `synced` record.
record JsonCounts(Map<NamespaceType, Integer> namespaces, int processes, int unreadable) {

  static JsonCounts read(JsonParser json) throws IOException {
    JsonFields.beginObject(json, "counts");
    Map<NamespaceType, Integer> namespaces = null;
    Integer processes = null;
    Integer unreadable = null;
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String field = json.currentName();
      json.nextToken();
      switch (field) {
        case "processes" -> processes = integer(json, "counts.processes");
        case "unreadable" -> unreadable = integer(json, "counts.unreadable");
        case "namespaces" -> namespaces = byType(json);
        default -> json.skipChildren();
      }
    }
    return new JsonCounts(
        required(namespaces, "counts.namespaces"),
        required(processes, "counts.processes"),
        required(unreadable, "counts.unreadable"));
  }

  private static Map<NamespaceType, Integer> byType(JsonParser json) throws IOException {
    JsonFields.beginObject(json, "counts.namespaces");
    Map<NamespaceType, Integer> counts = new EnumMap<>(NamespaceType.class);
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String field = json.currentName();
      Optional<NamespaceType> type = NamespaceType.byKernelName(field);
      json.nextToken();
      if (type.isPresent()) {
        counts.put(type.get(), integer(json, "counts.namespaces." + field));
      } else {
        json.skipChildren();
      }
    }
    return counts;
  }
}
