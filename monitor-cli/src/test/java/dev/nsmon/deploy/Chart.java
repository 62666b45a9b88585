package dev.nsmon.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.marcnuri.helm.Helm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// The chart, rendered by Helm as `helm template nsmon deploy/helm/nsmon -n nsmon` does.
final class Chart {
  private static final Path DIRECTORY = withoutLinks(Deploy.path("helm/nsmon"));

  private Chart() {}

  /// A copy for as long as this JVM lives. Helm prints a line for each symbolic link that it
  /// follows, past the JVM's own stderr.
  private static Path withoutLinks(Path chart) {
    try {
      Path copy = Files.createTempDirectory("chart").resolve(chart.getFileName().toString());
      copy.getParent().toFile().deleteOnExit();
      try (Stream<Path> files = Files.walk(chart, FileVisitOption.FOLLOW_LINKS)) {
        for (Path file : files.toList()) {
          Path to = copy.resolve(chart.relativize(file).toString());
          Files.copy(file, to);
          to.toFile().deleteOnExit();
        }
      }
      return copy;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Helm helm() {
    return new Helm(DIRECTORY);
  }

  /// @param values YAML, over those of the chart
  static List<JsonNode> render(String values) throws IOException {
    Path file = Files.createTempFile("values", ".yaml");
    try {
      Files.writeString(file, values);
      return Deploy.yaml(
          helm()
              .template()
              .withName("nsmon")
              .withNamespace("nsmon")
              .withKubeVersion("1.34.0")
              .withValuesFile(file)
              .call());
    } finally {
      Files.delete(file);
    }
  }

  /// What Helm says after it has installed it.
  static String notes(String values) throws IOException {
    Path file = Files.createTempFile("values", ".yaml");
    try {
      Files.writeString(file, values);
      return helm()
          .install()
          .withName("nsmon")
          .withNamespace("nsmon")
          .withKubeVersion("1.34.0")
          .withValuesFile(file)
          .clientOnly()
          .dryRun()
          .call()
          .getOutput();
    } finally {
      Files.delete(file);
    }
  }

  /// Without what Helm says of itself, and the version.
  static JsonNode plain(JsonNode object) {
    ObjectNode plain = object.deepCopy();
    ObjectNode labels = (ObjectNode) plain.at("/metadata/labels");
    labels.remove(
        List.of("helm.sh/chart", "app.kubernetes.io/managed-by", "app.kubernetes.io/version"));
    ((ObjectNode) plain.get("metadata")).remove("namespace");
    return plain;
  }
}
