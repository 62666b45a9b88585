package dev.nsmon.guest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// One event that nsmon has reported.
///
/// @param index where it stands in the stream, from 0 on
/// @param micros when its line came, since the epoch by the guest's clock
record Report(int index, long micros, JsonNode json) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /// The reports of a file `events`: lines of JSON, each after its time.
  static List<Report> parse(List<String> lines) {
    List<Report> reports = new ArrayList<>();
    for (String line : lines) {
      int space = line.indexOf(' ');
      try {
        JsonNode json = JSON.readTree(line.substring(space + 1));
        reports.add(new Report(reports.size(), Fact.micros(line.substring(0, space)), json));
      } catch (JsonProcessingException e) {
        throw new AssertionError("no JSON: " + line, e);
      }
    }
    return reports;
  }

  String kind() {
    return json.get("kind").asText();
  }

  boolean is(String kind) {
    return kind().equals(kind);
  }

  boolean isBaseline() {
    return json.get("source").asText().equals("baseline");
  }

  /// The thread, where one sits elsewhere than its process; 0 where it is about no process.
  int member() {
    JsonNode process = json.path("process");
    return process.has("tid") ? process.get("tid").asInt() : process.path("pid").asInt();
  }

  /// Empty where the report does not know it.
  String cause() {
    return json.at("/process/cause").asText();
  }

  /// The namespaces it is about, by type.
  Map<String, JsonNode> namespaces() {
    Map<String, JsonNode> all = new LinkedHashMap<>();
    if (json.has("namespace")) {
      all.put(json.at("/namespace/type").asText(), json.get("namespace"));
    }
    json.path("namespaces").properties().forEach(one -> all.put(one.getKey(), one.getValue()));
    return all;
  }

  /// The key of the namespace of this type that it is about, or empty.
  String key(String type) {
    JsonNode namespace = namespaces().get(type);
    return namespace == null ? "" : namespace.get("key").asText();
  }

  /// The threads, or else processes, that hold the namespace that it is about.
  List<Integer> holders() {
    List<Integer> holders = new ArrayList<>();
    for (JsonNode holder : json.at("/namespace/holders")) {
      holders.add(holder.path(holder.has("tid") ? "tid" : "pid").asInt());
    }
    return holders;
  }

  /// What a message about it needs.
  @Override
  public String toString() {
    return "#" + index + " " + kind() + " of " + member() + " " + namespaces().values();
  }
}
