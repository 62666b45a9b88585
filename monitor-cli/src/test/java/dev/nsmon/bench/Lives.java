package dev.nsmon.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Compares what `nsmon watch -o json` has told with the lives that the load has led.
final class Lives {
  static final ObjectMapper JSON = new ObjectMapper();

  /// @param joined lives of which at least the join was told, with the right type
  /// @param whole lives told whole: created, joined, left, destroyed, each once and in this order
  /// @param wrong events that were told twice, out of order, or with another type
  record Verdict(int joined, int whole, int wrong) {}

  /// Where in the stream something was told first, and how often.
  private static final class Told {
    private int first = -1;
    private int times;

    void at(int index) {
      first = times++ == 0 ? index : first;
    }

    static Told in(Map<String, Told> all, String key) {
      return all.computeIfAbsent(key, _ -> new Told());
    }
  }

  private final String type;
  private final boolean born;
  private final Set<Integer> pids;
  private final Map<String, Told> created = new HashMap<>();
  private final Map<String, Told> destroyed = new HashMap<>();

  /// By pid and the namespace's key, with a blank between.
  private final Map<String, Told> joined = new HashMap<>();

  private final Map<String, Told> left = new HashMap<>();
  private int wrong;

  private Lives(String type, boolean born, Set<Integer> pids) {
    this.type = type;
    this.born = born;
    this.pids = pids;
  }

  /// @param type of the namespaces that the lives are in
  /// @param born whether each has a namespace of its own, which ends with it
  /// @param pids of the lives, or of their parents
  static Verdict judge(List<Watcher.Line> lines, String type, boolean born, Set<Integer> pids)
      throws JsonProcessingException {
    Lives lives = new Lives(type, born, pids);
    for (int i = 0; i < lines.size(); i++) {
      lives.take(JSON.readTree(lines.get(i).text()), i);
    }
    return lives.verdict();
  }

  private void take(JsonNode event, int index) {
    switch (event.path("kind").asText()) {
      case "namespace-created" -> Told.in(created, key(event.path("namespace"))).at(index);
      case "namespace-destroyed" -> Told.in(destroyed, key(event.path("namespace"))).at(index);
      case "process-joined" -> member(event, joined, index);
      case "process-left" -> member(event, left, index);
      default -> {}
    }
  }

  private void member(JsonNode event, Map<String, Told> where, int index) {
    JsonNode process = event.path("process");
    int pid = process.path("pid").asInt();
    if (!pids.contains(pid) && !pids.contains(process.path("ppid").asInt())) {
      return;
    }
    JsonNode namespaces = event.path("namespaces");
    if (namespaces.size() != 1 || !namespaces.has(type)) {
      wrong++;
    }
    if (namespaces.has(type)) {
      Told.in(where, pid + " " + key(namespaces.path(type))).at(index);
    }
  }

  private static String key(JsonNode namespace) {
    return namespace.path("key").asText();
  }

  private Verdict verdict() {
    int whole = 0;
    for (Map.Entry<String, Told> life : joined.entrySet()) {
      String key = life.getKey().substring(life.getKey().indexOf(' ') + 1);
      Told none = new Told();
      Told end = left.getOrDefault(life.getKey(), none);
      List<Told> steps =
          born
              ? List.of(
                  created.getOrDefault(key, none),
                  life.getValue(),
                  end,
                  destroyed.getOrDefault(key, none))
              : List.of(life.getValue(), end);
      if (isWhole(steps)) {
        whole++;
      }
    }
    return new Verdict(joined.size(), whole, wrong);
  }

  private boolean isWhole(List<Told> steps) {
    boolean whole = true;
    int last = -1;
    for (Told step : steps) {
      if (step.times == 0) {
        whole = false;
        continue;
      }
      if (step.times > 1 || step.first < last) {
        wrong++;
        whole = false;
      }
      last = Math.max(last, step.first);
    }
    return whole;
  }
}
