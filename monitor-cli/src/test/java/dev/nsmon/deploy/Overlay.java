package dev.nsmon.deploy;

import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.fasterxml.jackson.databind.JsonNode;
import dev.nsmon.testing.Ran;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// An overlay of the base as a user would write it, and what `kubectl apply -k` makes of it.
final class Overlay {
  private Overlay() {}

  /// @param directory to write it into
  /// @param components names of those below `deploy/kubernetes/components`
  static List<JsonNode> render(Path directory, String... components)
      throws IOException, InterruptedException {
    Ran.needs("kubectl");
    // Kustomize takes no absolute paths.
    Path home = directory.toRealPath();
    List<String> lines = new ArrayList<>();
    lines.add("resources: [" + home.relativize(Deploy.path("kubernetes/base").toRealPath()) + "]");
    lines.add("components:");
    for (String one : components) {
      Path component = Deploy.path("kubernetes/components/" + one).toRealPath();
      lines.add("  - " + home.relativize(component));
    }
    if (components.length == 0) {
      lines.removeLast();
    }
    Files.write(home.resolve("kustomization.yaml"), lines);
    return rendered(home);
  }

  /// The one that `deploy/README.md` shows.
  ///
  /// @param directory to write it into
  static List<JsonNode> documented(Path directory) throws IOException, InterruptedException {
    Ran.needs("kubectl");
    Path home = directory.toRealPath();
    String deploy = home.relativize(Deploy.path("").toRealPath()).toString();
    String text = Deploy.read("README.md");
    String shown = text.substring(text.indexOf("# overlay/kustomization.yaml:\n"));
    List<String> lines =
        shown
            .lines()
            .skip(2)
            .takeWhile(line -> line.startsWith("    "))
            .map(line -> line.replace("../deploy", deploy))
            .toList();
    Files.writeString(
        home.resolve("kustomization.yaml"), String.join("\n", lines).stripIndent() + "\n");
    return rendered(home);
  }

  private static List<JsonNode> rendered(Path home) throws IOException, InterruptedException {
    Ran kubectl = Ran.of("kubectl", "kustomize", home.toString());
    assumeFalse(
        kubectl.out().contains("unknown field \"components\""),
        "kubectl is too old for components");
    return Deploy.yaml(kubectl.well().out());
  }
}
