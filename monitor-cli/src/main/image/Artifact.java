import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// A jar of the class path, and what its project says of it.
///
/// @param file the jar, as it was published or built
/// @param classifier with a hyphen before it, or empty
record Artifact(Path file, Pom pom, String classifier) {
  private static final String OURS = "dev.nsmon";

  /// A jar of a repository lies in `GROUP/NAME/VERSION`, beside its POM; one of a module of this
  /// build in the module's `target`.
  static Artifact of(Path file) throws IOException {
    Path directory = file.toAbsolutePath().getParent();
    String version = directory.getFileName().toString();
    Path name = directory.getParent().getFileName();
    Path pom = directory.resolve(name + "-" + version + ".pom");
    if (!Files.exists(pom)) {
      return new Artifact(file, Pom.read(directory.resolveSibling("pom.xml"), null), "");
    }
    Pom read = Pom.read(pom, null);
    Path repository = directory;
    for (int depth = read.group().split("\\.").length + 2; depth > 0; depth--) {
      repository = repository.getParent();
    }
    String rest = file.getFileName().toString().substring((name + "-" + version).length());
    return new Artifact(
        file, new Pom(read.project(), repository), rest.replaceFirst("\\.jar$", ""));
  }

  boolean isOurs() {
    return pom.group().equals(OURS);
  }

  /// The name that its jar has in the image, where no version is needed.
  String fileName() {
    return pom.name() + classifier + ".jar";
  }

  /// A package URL, see <https://github.com/package-url/purl-spec>.
  String purl() {
    String type = classifier.isEmpty() ? "" : "classifier=" + classifier.substring(1) + "&";
    return "pkg:maven/%s/%s@%s?%stype=jar".formatted(pom.group(), pom.name(), pom.version(), type);
  }

  @Override
  public String toString() {
    return pom.group() + ":" + pom.name() + ":" + pom.version();
  }
}
