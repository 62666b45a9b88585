package dev.nsmon.deploy;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Every metric that an alert, the dashboard or the README speaks of is served, with the labels
/// that it is asked by.
class MetricsIT {
  private static final Pattern METRIC = Pattern.compile("\\b(nsmon_\\w+)(?:\\{([^}]*)})?");
  private static final Pattern LABEL = Pattern.compile("(\\w+)\\s*(?:=~|!~|!=|=)\\s*\"");
  private static final Pattern BY = Pattern.compile("\\bby \\(([^)]*)\\)");

  /// Prometheus' own.
  private static final Set<String> ALWAYS = Set.of("job", "instance");

  @TempDir private static Path directory;

  /// Labels by the name of a series.
  private static final Map<String, Set<String>> SERVED = new TreeMap<>();

  @BeforeAll
  static void scrape() throws IOException {
    try (Serve serve =
        Serve.nsmon(
            directory,
            "--listen=127.0.0.1:0",
            "--journal=" + directory.resolve("journal.db"),
            "--file=" + directory.resolve("events.json"))) {
      String at = "http://127.0.0.1:" + serve.awaitPort();
      serve.awaitAnswer(at + "/readyz", 200);
      // A busy monitor leaves out its state, and a sink has a lag once it has begun.
      String metrics =
          await()
              .atMost(Duration.ofSeconds(30))
              .until(
                  () -> serve.awaitAnswer(at + "/metrics", 200).body(),
                  body ->
                      body.contains("\nnsmon_processes ")
                          && body.contains("\nnsmon_sink_lag_events{"));
      for (String line : metrics.lines().toList()) {
        Matcher matcher = METRIC.matcher(line);
        if (!line.startsWith("#") && matcher.lookingAt()) {
          SERVED
              .computeIfAbsent(matcher.group(1), _ -> new TreeSet<>())
              .addAll(labels(matcher.group(2)));
        }
      }
    }
    // Only where something pushes, which not every machine lets us see.
    SERVED.computeIfAbsent("nsmon_source_up", _ -> new TreeSet<>(Set.of("source")));
  }

  private static List<String> labels(String braces) {
    List<String> labels = new ArrayList<>();
    Matcher matcher = LABEL.matcher(braces == null ? "" : braces);
    while (matcher.find()) {
      labels.add(matcher.group(1));
    }
    return labels;
  }

  /// What is asked for and not there.
  private static List<String> missing(List<String> expressions) {
    List<String> missing = new ArrayList<>();
    for (String expression : expressions) {
      Set<String> there = new TreeSet<>(ALWAYS);
      Matcher matcher = METRIC.matcher(expression);
      while (matcher.find()) {
        Set<String> served = SERVED.get(matcher.group(1));
        if (served == null) {
          missing.add(matcher.group(1));
          continue;
        }
        there.addAll(served);
        for (String label : labels(matcher.group(2))) {
          if (!served.contains(label) && !ALWAYS.contains(label)) {
            missing.add(matcher.group(1) + "{" + label + "}");
          }
        }
      }
      Matcher by = BY.matcher(expression);
      while (by.find()) {
        for (String label : by.group(1).split(", *", -1)) {
          if (!there.contains(label)) {
            missing.add(label + " in " + expression);
          }
        }
      }
    }
    return missing;
  }

  @Test
  void whatTheAlertsAskForIsServed() throws IOException {
    assertTrue(SERVED.size() >= 20, SERVED::toString);
    assertEquals(List.of(), missing(Expressions.ofRules()));
  }

  @Test
  void whatTheDashboardAsksForIsServed() throws IOException {
    assertEquals(List.of(), missing(Expressions.ofDashboard()));
  }

  @Test
  void whatIsNotServedIsFound() {
    assertEquals(
        List.of("nsmon_nothing", "nsmon_sink_up{kind}", "where in sum by (where) (nsmon_clients)"),
        missing(
            List.of(
                "nsmon_nothing > 0",
                "nsmon_sink_up{kind=\"x\"}",
                "sum by (where) (nsmon_clients)")));
  }

  @Test
  void theReadmeListsWhatIsServed() throws IOException {
    String readme = Deploy.read("../README.md");
    String table = readme.substring(readme.indexOf("**Metrics**"), readme.indexOf("## For a SIEM"));
    Set<String> listed = new TreeSet<>();
    Matcher matcher = METRIC.matcher(table);
    while (matcher.find()) {
      listed.add(matcher.group(1));
    }
    Set<String> served = new TreeSet<>();
    SERVED.keySet().forEach(name -> served.add(name.replaceFirst("_(bucket|sum|count)$", "")));
    assertEquals(served, listed);
  }
}
