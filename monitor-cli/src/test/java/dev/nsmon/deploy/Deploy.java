package dev.nsmon.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/// The files of `deploy/`, and how they are read.
final class Deploy {
  private static final ObjectMapper JSON = new ObjectMapper();

  private Deploy() {}

  static Path path(String name) {
    return Path.of("../deploy", name).toAbsolutePath().normalize();
  }

  static String read(String name) throws IOException {
    return Files.readString(path(name));
  }

  /// All documents of a text, by the rules of YAML 1.1, as Kubernetes and Helm have it: `0400` is
  /// octal, and a key that comes twice is an error.
  static List<JsonNode> yaml(String text) {
    LoaderOptions strict = new LoaderOptions();
    strict.setAllowDuplicateKeys(false);
    List<JsonNode> documents = new ArrayList<>();
    for (Object one : new Yaml(new SafeConstructor(strict)).loadAll(text)) {
      if (one != null) {
        documents.add(JSON.valueToTree(one));
      }
    }
    return documents;
  }

  static JsonNode json(String text) throws IOException {
    return JSON.readTree(text);
  }

  /// The one object of a kind.
  static JsonNode only(String kind, List<JsonNode> objects) {
    List<JsonNode> found =
        objects.stream().filter(one -> one.path("kind").asText().equals(kind)).toList();
    if (found.size() != 1) {
      throw new AssertionError(found.size() + " of " + kind + " in " + objects);
    }
    return found.getFirst();
  }
}
