package dev.nsmon.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.marcnuri.helm.LintResult;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The chart gives what the Kustomize base gives, so that the two can't drift apart.
class ChartTest {
  private static final String ALL =
      """
      image: {repository: registry.example/nsmon, tag: 1.2.3, pullPolicy: Always}
      imagePullSecrets: [{name: registry}]
      source: perf
      options: ["--kafka=broker-1:9092,broker-2:9092"]
      env: [{name: NSMON_KAFKA_SECURITY_PROTOCOL, value: SASL_SSL}]
      envFrom: [{secretRef: {name: nsmon-kafka}}]
      extraVolumes: [{name: ca, secret: {secretName: ca}}]
      extraVolumeMounts: [{name: ca, mountPath: /etc/nsmon/ca, readOnly: true}]
      port: 9000
      tls: {secretName: nsmon-tls}
      journal: {hostPath: ""}
      podAnnotations: {team: security}
      podMonitor: {enabled: true, labels: {release: prometheus}}
      prometheusRule: {enabled: true, labels: {release: prometheus}}
      dashboard: {enabled: true}
      """;

  @TempDir private Path directory;

  /// Objects by kind, without what only one of the two says.
  private static Map<String, JsonNode> byKind(List<JsonNode> objects) {
    Map<String, JsonNode> byKind = new TreeMap<>();
    for (JsonNode one : objects) {
      String kind = one.get("kind").asText();
      if (!kind.equals("Namespace")) {
        assertEquals(null, byKind.put(kind, Chart.plain(one)), kind + " is there twice");
      }
    }
    return byKind;
  }

  @Test
  void helmFindsNoFault() {
    LintResult lint = Chart.helm().lint().strict().call();
    assertFalse(lint.isFailed(), () -> lint.getMessages().toString());
    assertEquals(
        List.of(),
        lint.getMessages().stream().filter(line -> !line.contains("icon is recommended")).toList());
  }

  @Test
  void byDefaultItIsTheBase() throws IOException {
    assertEquals(byKind(KubernetesTest.base()), byKind(Chart.render("")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "poll           | {source: poll, holders: false}",
        "proc-connector | {source: proc-connector}",
        "podmonitor     | {podMonitor: {enabled: true}}",
      })
  void aComponentIsAValue(String component, String values) throws Exception {
    List<JsonNode> overlay = Overlay.render(directory, component);
    for (JsonNode one : overlay) {
      Schema.check(one);
    }
    assertEquals(byKind(overlay), byKind(Chart.render(values)));
    assertFalse(byKind(overlay).equals(byKind(KubernetesTest.base())), "changes something");
  }

  @Test
  void theOverlayThatIsShownIsWhatHelmInstallGives() throws Exception {
    assertEquals(
        byKind(
            Chart.render(
                """
                image: {repository: registry.example/nsmon}
                options: ["--kafka=broker:9092"]
                """)),
        byKind(Overlay.documented(directory)));
  }

  @Test
  void whateverIsChosenIsOfKubernetes() throws IOException {
    List<JsonNode> objects = Chart.render(ALL);
    for (JsonNode one : objects) {
      Schema.check(one);
    }
    assertEquals(6, objects.size());
    assertEquals(
        Deploy.yaml(Deploy.read("prometheus/nsmon.rules.yaml")).getFirst(),
        Deploy.only("PrometheusRule", objects).get("spec"));
    assertEquals(
        Deploy.json(Deploy.read("grafana/nsmon.json")),
        Deploy.json(Deploy.only("ConfigMap", objects).at("/data/nsmon.json").asText()));
    JsonNode container = Deploy.only("DaemonSet", objects).at("/spec/template/spec/containers/0");
    assertEquals("registry.example/nsmon:1.2.3", container.get("image").asText());
    assertEquals("HTTPS", container.at("/livenessProbe/httpGet/scheme").asText());
    assertTrue(container.get("args").toString().contains("--tls-key=/etc/nsmon/tls/tls.key"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "source: ebpf",
        "sources: perf",
        "image: {tagg: latest}",
        "port: 84700",
        "journal: {hostPath: var/lib/nsmon}",
        "options: [kafka]",
        "podMonitor: {enabled: \"yes\"}",
        "networkPolicy: {from: []}",
      })
  void aWrongValueIsRefused(String values) {
    String said =
        assertThrows(IllegalStateException.class, () -> Chart.render(values)).getMessage();
    assertTrue(said.contains("don't meet the specifications of the schema"), said);
  }

  @Test
  void theNotesSayWhatIsStillToDo() throws IOException {
    String notes = Chart.notes("");
    assertTrue(notes.contains("create secret generic nsmon-token --from-file=token"), notes);
    assertTrue(notes.contains("It listens without TLS"), notes);
    assertTrue(notes.contains("Nothing is published yet"), notes);
    String others = Chart.notes("{tls: {secretName: x}, holders: false, options: [--kafka=b:1]}");
    assertTrue(others.contains("--from wss://127.0.0.1:8470"), others);
    assertFalse(others.contains("It listens without TLS"), others);
    assertFalse(others.contains("Nothing is published yet"), others);
  }

  /// Keys of the values that the schema does not know, or the other way round.
  private static List<String> strangers(JsonNode values, JsonNode schema, String at) {
    List<String> found = new ArrayList<>();
    if (schema.path("additionalProperties").isBoolean()) {
      schema
          .get("properties")
          .fieldNames()
          .forEachRemaining(
              key -> {
                if (values.has(key)) {
                  found.addAll(
                      strangers(values.get(key), schema.at("/properties/" + key), at + "/" + key));
                } else if (!key.equals("global")) {
                  found.add(at + "/" + key + " is no value");
                }
              });
      values
          .fieldNames()
          .forEachRemaining(
              key -> {
                if (!schema.get("properties").has(key)) {
                  found.add(at + "/" + key + " is not in the schema");
                }
              });
    }
    return found;
  }

  @Test
  void everyValueIsInTheSchemaAndHasAComment() throws IOException {
    String text = Deploy.read("helm/nsmon/values.yaml");
    JsonNode values = Deploy.yaml(text).getFirst();
    JsonNode schema = Deploy.json(Deploy.read("helm/nsmon/values.schema.json"));
    assertEquals(List.of(), strangers(values, schema, ""));
    for (Iterator<String> keys = values.fieldNames(); keys.hasNext(); ) {
      String key = keys.next();
      String told = "(?m)^#.*\n" + key + ":|^" + key + ":\n  # -- ";
      assertTrue(Pattern.compile(told).matcher(text).find(), key + " has no comment");
    }
  }

  @Test
  void theVersionIsTheProgramsOwn() throws IOException {
    JsonNode chart = Deploy.yaml(Deploy.read("helm/nsmon/Chart.yaml")).getFirst();
    String pom = Deploy.read("../pom.xml");
    assertTrue(
        pom.contains("<version>" + chart.get("appVersion").asText() + "-SNAPSHOT</version>")
            || pom.contains("<version>" + chart.get("appVersion").asText() + "</version>"));
    assertTrue(
        Deploy.read("Containerfile").contains("\"" + chart.get("appVersion").asText() + "\""));
  }
}
