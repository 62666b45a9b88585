package dev.nsmon.guest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.nsmon.cli.Folding;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Compares three views of a guest in which nothing happens: what the events of `nsmon watch` add
/// up to, `nsmon list`, and `lsns`.
final class Oracles {
  private static final ObjectMapper JSON = new ObjectMapper();

  private Oracles() {}

  /// What differs between the fold of these events and `nsmon list -o json`.
  static List<String> fold(List<JsonNode> events, List<String> list) {
    try {
      return differences(
          "events",
          Folding.of(events).counts(),
          "list",
          Folding.countsOf(list.stream().map(Oracles::json).toList()));
    } catch (AssertionError e) {
      return List.of("the events can't be true: " + e.getMessage());
    }
  }

  /// What differs between `nsmon list -o json` and `lsns --json -o NS,TYPE,NPROCS`, which knows
  /// only namespaces with a process. The initial ones lose and gain processes all the time.
  static List<String> lsns(List<String> list, String lsns) {
    Map<String, Integer> ours = new TreeMap<>();
    List<String> initial = new ArrayList<>();
    for (String line : list) {
      JsonNode one = json(line);
      String name = name(one.get("type"), one.get("inode"));
      if (one.get("initial").asBoolean()) {
        initial.add(name);
      } else if (one.get("processCount").asInt() > 0) {
        ours.put(name, one.get("processCount").asInt());
      }
    }
    Map<String, Integer> theirs = new TreeMap<>();
    for (JsonNode one : json(lsns).get("namespaces")) {
      if (one.get("nprocs").asInt() > 0) {
        theirs.put(name(one.get("type"), one.get("ns")), one.get("nprocs").asInt());
      }
    }
    List<String> faults = new ArrayList<>();
    initial.stream()
        .filter(name -> theirs.remove(name) == null)
        .forEach(name -> faults.add("lsns has no " + name));
    faults.addAll(differences("list", ours, "lsns", theirs));
    return faults;
  }

  private static String name(JsonNode type, JsonNode inode) {
    return type.asText() + ":[" + inode.asText() + "]";
  }

  private static List<String> differences(
      String one, Map<String, Integer> ours, String other, Map<String, Integer> theirs) {
    Map<String, Integer> all = new TreeMap<>(ours);
    all.putAll(theirs);
    return all.keySet().stream()
        .filter(name -> !ours.getOrDefault(name, -1).equals(theirs.getOrDefault(name, -1)))
        .map(
            name ->
                "processes in %s: %s by %s, %s by %s"
                    .formatted(
                        name,
                        ours.containsKey(name) ? ours.get(name) : "not there",
                        one,
                        theirs.containsKey(name) ? theirs.get(name) : "not there",
                        other))
        .toList();
  }

  private static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new AssertionError("no JSON: " + text, e);
    }
  }
}
