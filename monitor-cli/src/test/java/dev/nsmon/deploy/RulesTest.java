package dev.nsmon.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The alerts, as Prometheus judges and runs them.
class RulesTest {
  private static final String RULES = "prometheus/nsmon.rules.yaml";
  private static final String TESTS = "prometheus/nsmon.rules.test.yaml";

  @TempDir private Path directory;

  @Test
  void prometheusFindsNoFault() throws Exception {
    Promtool.run("check", "rules", Deploy.path(RULES).toString()).well();
  }

  @Test
  void eachAlertFiresWhereItShould() throws Exception {
    Promtool.run("test", "rules", Deploy.path(TESTS).toString()).well();
  }

  /// The tests can fail: with each of these another alert is silent, or cries without reason.
  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      value = {
        "up{job=\"nsmon\"} == 0                # up{job=\"nsmon\"} == 1",
        "absent(up{job=\"nsmon\"})             # absent(up{job=\"others\"})",
        "> 6 * nsmon_look_interval_seconds     # > 60 * nsmon_look_interval_seconds",
        "6 * nsmon_look_interval_seconds       # 6",
        "increase(nsmon_events_lost_total{where!=\"poll\"}[10m]) #"
            + " increase(nsmon_events_lost_total[10m])",
        "nsmon_losses_uncounted_total{where!~\"poll|restart\"}[10m]) > 0 #"
            + " nsmon_losses_uncounted_total{where!~\"poll|restart\"}[10m]) > 1e9",
        "{where!~\"poll|restart\"} # {where!=\"poll\"}",
        "and on (job, instance) nsmon_source_up == 0 # and on (job, instance) nsmon_source_up >= 0",
        "nsmon_source_up == 0                  # nsmon_source_up == 1",
        "nsmon_reconcile_misses_total{source=\"perf\"}[1h]) > 0 #"
            + " nsmon_reconcile_misses_total{source=\"perf\"}[1h]) >= 0",
        "nsmon_reconcile_misses_total{source=\"perf\"} # nsmon_reconcile_misses_total",
        "> 0.1 * nsmon_processes               # > 0",
        "> 0.1 * nsmon_processes               # > 0.5 * nsmon_processes",
        "nsmon_sink_up == 0                    # nsmon_sink_up == 1",
        "and deriv(nsmon_sink_lag_events[15m]) > 0 # and deriv(nsmon_sink_lag_events[15m]) < 0",
        "increase(nsmon_sink_lost_events_total[10m]) > 0 # nsmon_sink_lost_events_total > 0",
        "nsmon_journal_up == 0                 # nsmon_journal_up == 1",
        "increase(nsmon_component_restarts_total[10m]) > 0 # nsmon_component_restarts_total > 0",
        "nsmon_attention_total{severity!=\"medium\"} # nsmon_attention_total",
        "increase(nsmon_tokens_refused_total[10m]) > 10 # increase(nsmon_tokens_refused_total[10m])"
            + " > 0",
      })
  void aChangedRuleIsNoticed(String rule, String changed) throws Exception {
    String text = Deploy.read(RULES);
    assertTrue(text.contains(rule), rule);
    Files.writeString(directory.resolve("nsmon.rules.yaml"), text.replace(rule, changed));
    Path tests = directory.resolve("nsmon.rules.test.yaml");
    Files.writeString(tests, Deploy.read(TESTS));
    assertNotEquals(0, Promtool.run("test", "rules", tests.toString()).code());
  }

  @Test
  void eachAlertIsTestedAndSaysWhatItIs() throws Exception {
    String tests = Deploy.read(TESTS);
    String table = Deploy.read("README.md");
    int alerts = 0;
    for (JsonNode rule : Deploy.yaml(Deploy.read(RULES)).getFirst().at("/groups/0/rules")) {
      String name = rule.get("alert").asText();
      assertTrue(tests.contains(name), name + " is not tested");
      assertTrue(table.contains(name), name + " is not in the table");
      assertTrue(rule.at("/annotations/summary").asText().length() > 10, name);
      assertTrue(rule.at("/annotations/description").asText().length() > 10, name);
      assertTrue(
          rule.at("/labels/severity").asText().matches("critical|warning|info"), rule::toString);
      alerts++;
    }
    assertEquals(15, alerts);
  }
}
