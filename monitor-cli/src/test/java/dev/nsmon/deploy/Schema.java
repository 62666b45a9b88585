package dev.nsmon.deploy;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.type.LogicalType;
import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import io.fabric8.openshift.api.model.monitoring.v1.PodMonitor;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1DaemonSet;
import io.kubernetes.client.openapi.models.V1Namespace;
import io.kubernetes.client.openapi.models.V1NetworkPolicy;
import io.kubernetes.client.openapi.models.V1ServiceAccount;
import java.io.IOException;

/// Kubernetes' own definition of its objects, generated from its OpenAPI document; for those of the
/// Prometheus operator, from its resource definitions. What they do not define is no field, and
/// what they demand must be there. Values of enumerations are strings to them.
final class Schema {
  /// Made for readers that let anything pass: here nothing is.
  private static final ObjectMapper STRICT = new ObjectMapper();

  static {
    STRICT.setAnnotationIntrospector(
        new JacksonAnnotationIntrospector() {
          private static final long serialVersionUID = 1;

          @Override
          public Boolean hasAnySetter(Annotated member) {
            return false;
          }
        });
    STRICT.enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
    for (CoercionInputShape shape :
        new CoercionInputShape[] {
          CoercionInputShape.Integer, CoercionInputShape.Float, CoercionInputShape.Boolean
        }) {
      STRICT.coercionConfigFor(LogicalType.Textual).setCoercion(shape, CoercionAction.Fail);
    }
  }

  private Schema() {}

  /// @throws IOException or [IllegalArgumentException], with what is wrong
  static void check(JsonNode object) throws IOException {
    JsonElement json = JsonParser.parseString(object.toString());
    String kind = object.path("apiVersion").asText() + " " + object.path("kind").asText();
    switch (kind) {
      case "v1 Namespace" -> {
        V1Namespace.validateJsonElement(json);
        V1Namespace.fromJson(json.toString());
      }
      case "v1 ServiceAccount" -> {
        V1ServiceAccount.validateJsonElement(json);
        V1ServiceAccount.fromJson(json.toString());
      }
      case "v1 ConfigMap" -> {
        V1ConfigMap.validateJsonElement(json);
        V1ConfigMap.fromJson(json.toString());
      }
      case "apps/v1 DaemonSet" -> {
        V1DaemonSet.validateJsonElement(json);
        V1DaemonSet.fromJson(json.toString());
      }
      case "networking.k8s.io/v1 NetworkPolicy" -> {
        V1NetworkPolicy.validateJsonElement(json);
        V1NetworkPolicy.fromJson(json.toString());
      }
      case "monitoring.coreos.com/v1 PodMonitor" -> STRICT.treeToValue(object, PodMonitor.class);
      case "monitoring.coreos.com/v1 PrometheusRule" ->
          STRICT.treeToValue(object, PrometheusRule.class);
      default -> throw new IllegalArgumentException("'" + kind + "' is no kind known here");
    }
  }
}
