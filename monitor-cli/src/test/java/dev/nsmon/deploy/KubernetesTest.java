package dev.nsmon.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The objects of `deploy/kubernetes` are what Kubernetes knows, and nothing else.
class KubernetesTest {
  static final String DAEMON_SET = "kubernetes/base/daemonset.yaml";
  static final String POD_MONITOR = "kubernetes/components/podmonitor/podmonitor.yaml";

  static List<JsonNode> base() throws IOException {
    List<JsonNode> objects = new ArrayList<>();
    for (JsonNode name :
        Deploy.yaml(Deploy.read("kubernetes/base/kustomization.yaml"))
            .getFirst()
            .get("resources")) {
      objects.addAll(Deploy.yaml(Deploy.read("kubernetes/base/" + name.asText())));
    }
    return objects;
  }

  @Test
  void everyObjectIsOneOfKubernetes() throws IOException {
    List<JsonNode> objects = base();
    assertEquals(4, objects.size());
    objects.addAll(Deploy.yaml(Deploy.read(POD_MONITOR)));
    for (JsonNode one : objects) {
      Schema.check(one);
    }
  }

  /// The validator can fail: each of these is one letter or one level off.
  @ParameterizedTest
  @CsvSource({
    DAEMON_SET + ", /spec, updateStrategie",
    DAEMON_SET + ", /spec/template/spec, hostPid",
    DAEMON_SET + ", /spec/template/spec, capabilities",
    DAEMON_SET + ", /spec/template/spec/containers/0, readinesProbe",
    DAEMON_SET + ", /spec/template/spec/containers/0/securityContext, apparmorProfile",
    DAEMON_SET + ", /spec/template/spec/containers/0/securityContext/capabilities, grant",
    DAEMON_SET + ", /spec/template/spec/containers/0/livenessProbe/httpGet, url",
    DAEMON_SET + ", /spec/template/spec/volumes/0/hostPath, kind",
    "kubernetes/base/networkpolicy.yaml, /spec/ingress/0, ports:",
    POD_MONITOR + ", /spec/podMetricsEndpoints/0, bearerToken",
    POD_MONITOR + ", /spec/podMetricsEndpoints/0/authorization, secret",
  })
  void aMisspeltFieldIsFound(String file, String at, String field) throws IOException {
    JsonNode object = Deploy.yaml(Deploy.read(file)).getFirst();
    Schema.check(object);
    ((ObjectNode) object.at(at)).put(field, "x");
    assertThrows(Exception.class, () -> Schema.check(object));
  }

  @ParameterizedTest
  @CsvSource({
    DAEMON_SET + ", /spec, selector",
    DAEMON_SET + ", /spec/template/spec, containers",
    DAEMON_SET + ", /spec/template/spec/containers/0, name",
    DAEMON_SET + ", /spec/template/spec/containers/0/volumeMounts/0, mountPath",
    DAEMON_SET + ", /spec/template/spec/containers/0/livenessProbe/httpGet, port",
  })
  void aMissingFieldIsFound(String file, String at, String field) throws IOException {
    JsonNode object = Deploy.yaml(Deploy.read(file)).getFirst();
    ((ObjectNode) object.at(at)).remove(field);
    assertThrows(Exception.class, () -> Schema.check(object));
  }

  @Test
  void eachMountHasItsVolumeAndNoGrantIsWide() throws IOException {
    JsonNode pod = Deploy.only("DaemonSet", base()).at("/spec/template/spec");
    JsonNode container = pod.at("/containers/0");
    Set<String> mounts = new TreeSet<>();
    container.get("volumeMounts").forEach(one -> mounts.add(one.get("name").asText()));
    Set<String> volumes = new TreeSet<>();
    pod.get("volumes").forEach(one -> volumes.add(one.get("name").asText()));
    assertEquals(volumes, mounts);
    JsonNode context = container.get("securityContext");
    assertEquals("[\"ALL\"]", context.at("/capabilities/drop").toString());
    assertFalse(context.at("/capabilities/add").toString().contains("SYS_ADMIN"));
    assertFalse(context.get("privileged").asBoolean(true));
    assertFalse(context.get("allowPrivilegeEscalation").asBoolean(true));
    assertFalse(pod.get("automountServiceAccountToken").asBoolean(true));
    assertFalse(pod.get("hostNetwork").asBoolean(true));
  }

  /// What each alert and the NetworkPolicy select is what the pods are called.
  @Test
  void whatSelectsFindsThePods() throws IOException {
    JsonNode labels = Deploy.only("DaemonSet", base()).at("/spec/template/metadata/labels");
    assertEquals(labels, Deploy.only("DaemonSet", base()).at("/spec/selector/matchLabels"));
    assertEquals(labels, Deploy.only("NetworkPolicy", base()).at("/spec/podSelector/matchLabels"));
    assertEquals(
        labels, Deploy.yaml(Deploy.read(POD_MONITOR)).getFirst().at("/spec/selector/matchLabels"));
  }
}
