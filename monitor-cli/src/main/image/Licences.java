import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The licences whose texts lie in the directory `licences`, each under its SPDX identifier. There
/// are no others: what is under another licence is not bundled until somebody has read it.
final class Licences {

  /// What POMs call them.
  private static final Map<Pattern, String> NAMES =
      Map.of(
          pattern("(the )?apache( software)? license,? version 2\\.0|apache-2\\.0"), "Apache-2.0",
          pattern("(the )?mit( license)?"), "MIT",
          pattern("bsd[ -]2-clause( license)?"), "BSD-2-Clause");

  /// By identifier.
  private final Map<String, String> texts;

  private Licences(Map<String, String> texts) {
    this.texts = texts;
  }

  private static Pattern pattern(String name) {
    return Pattern.compile(name, Pattern.CASE_INSENSITIVE);
  }

  static Licences read(Path directory) throws IOException {
    Map<String, String> texts = new TreeMap<>();
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        texts.put(
            file.getFileName().toString().replaceFirst("\\.txt$", ""), Files.readString(file));
      }
    }
    return new Licences(texts);
  }

  /// The identifiers of what a POM names.
  ///
  /// @throws IllegalStateException if it names none, or one of no known text
  List<String> ids(Artifact artifact) throws IOException {
    List<String> names = artifact.pom().licences();
    if (names.isEmpty()) {
      throw new IllegalStateException(artifact + " names no licence");
    }
    return names.stream().map(name -> id(artifact, name)).distinct().toList();
  }

  private String id(Artifact artifact, String name) {
    return NAMES.entrySet().stream()
        .filter(known -> known.getKey().matcher(name).matches())
        .map(Map.Entry::getValue)
        .filter(texts::containsKey)
        .findAny()
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "the licence of " + artifact + " is not known: '" + name + "'; see Licences"));
  }

  /// @throws IllegalStateException if there is none of this identifier
  String text(String id) {
    String text = texts.get(id);
    if (text == null) {
      throw new IllegalStateException("there is no text of the licence " + id);
    }
    return text;
  }
}
