package dev.nsmon.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// What is asked of Prometheus by the rules and by the dashboard.
final class Expressions {
  private Expressions() {}

  static List<String> ofRules() throws IOException {
    List<String> found = new ArrayList<>();
    Deploy.yaml(Deploy.read("prometheus/nsmon.rules.yaml"))
        .getFirst()
        .findValues("expr")
        .forEach(one -> found.add(one.asText()));
    return found;
  }

  static JsonNode dashboard() throws IOException {
    return Deploy.json(Deploy.read("grafana/nsmon.json"));
  }

  /// As Grafana sends them: its variables are filled in.
  static List<String> ofDashboard() throws IOException {
    List<String> found = new ArrayList<>();
    for (JsonNode one : dashboard().findValues("expr")) {
      found.add(filled(one.asText()));
    }
    for (JsonNode one : dashboard().at("/templating/list").findValues("definition")) {
      found.add(one.asText().replaceFirst("^label_values\\((.*), instance\\)$", "$1"));
    }
    return found;
  }

  private static String filled(String expression) {
    return expression
        .replace("$__rate_interval", "1m")
        .replace("$__range", "1h")
        .replace("$instance", ".*");
  }
}
