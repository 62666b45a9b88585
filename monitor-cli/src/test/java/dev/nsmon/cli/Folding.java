package dev.nsmon.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// What the lines of `watch --baseline -o json` say is there. It fails on a line that can't be true
/// after those before it.
public final class Folding {
  /// By key, what the kernel calls it, such as `uts:[4026532177]`.
  private final Map<String, String> namespaces = new HashMap<>();

  /// By pid and type, the key.
  private final Map<Integer, Map<String, String>> processes = new HashMap<>();

  private Folding() {}

  public static Folding of(List<JsonNode> records) {
    Folding folding = new Folding();
    records.forEach(folding::apply);
    return folding;
  }

  private void apply(JsonNode one) {
    JsonNode namespace = one.get("namespace");
    switch (one.get("kind").asText()) {
      case "namespace-created" ->
          assertEquals(null, namespaces.put(key(namespace), name(namespace)), one::toString);
      case "namespace-destroyed" -> {
        assertEquals(name(namespace), namespaces.remove(key(namespace)), one::toString);
        letGo(namespace);
      }
      case "process-joined" -> join(one);
      case "process-left" -> processes.remove(one.at("/process/pid").asInt());
      default -> {}
    }
  }

  /// Nobody is in what has ended: a zombie has let go of all but its pid and user namespace, and
  /// whether it will be told to leave the rest is not sure over a restart.
  private void letGo(JsonNode ended) {
    String type = ended.get("type").asText();
    if (!type.equals("pid") && !type.equals("user")) {
      processes.values().forEach(in -> in.remove(type, key(ended)));
    }
  }

  private void join(JsonNode one) {
    Map<String, String> in =
        processes.computeIfAbsent(one.at("/process/pid").asInt(), _ -> new TreeMap<>());
    for (Iterator<JsonNode> places = one.get("namespaces").elements(); places.hasNext(); ) {
      JsonNode place = places.next();
      assertTrue(namespaces.containsKey(key(place)), () -> "joined what is not there: " + one);
      if (place.get("initial").asBoolean()) {
        in.remove(place.get("type").asText());
      } else {
        in.put(place.get("type").asText(), key(place));
      }
    }
  }

  private static String key(JsonNode namespace) {
    return namespace.get("key").asText();
  }

  static String name(JsonNode namespace) {
    return namespace.get("type").asText() + ":[" + namespace.get("inode").asText() + "]";
  }

  /// How many processes are in each namespace, but for the initial ones.
  public Map<String, Integer> counts() {
    Map<String, Integer> counts = new TreeMap<>();
    namespaces.values().forEach(name -> counts.put(name, 0));
    for (Map<String, String> in : processes.values()) {
      for (String key : in.values()) {
        assertTrue(namespaces.containsKey(key), () -> "in what is not there any more: " + key);
        counts.merge(namespaces.get(key), 1, Integer::sum);
      }
    }
    return counts;
  }

  /// The same as `nsmon list -o json` says it.
  public static Map<String, Integer> countsOf(List<JsonNode> list) {
    Map<String, Integer> counts = new TreeMap<>();
    for (JsonNode one : list) {
      counts.put(name(one), one.get("initial").asBoolean() ? 0 : one.get("processCount").asInt());
    }
    return counts;
  }

  /// The namespaces of which the two say something else.
  static Set<String> differences(Map<String, Integer> one, Map<String, Integer> other) {
    Set<String> names = new TreeSet<>(one.keySet());
    names.addAll(other.keySet());
    names.removeIf(name -> Objects.equals(one.get(name), other.get(name)));
    return names;
  }
}
