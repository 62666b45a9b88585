import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.SAXException;

/// What a project object model says of its artifact, as far as notices and a bill of materials need
/// it. Parents are read from the repository that Maven itself has filled.
///
/// @param repository the root of the local repository; null for a module of ours
record Pom(Element project, Path repository) {

  static Pom read(Path file, Path repository) throws IOException {
    try {
      DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
      factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
      return new Pom(
          factory.newDocumentBuilder().parse(file.toFile()).getDocumentElement(), repository);
    } catch (SAXException | ParserConfigurationException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }

  String group() {
    return own("groupId");
  }

  String name() {
    return text(project, "artifactId").orElseThrow();
  }

  String version() {
    return own("version");
  }

  Optional<String> url() {
    return text(project, "url").filter(url -> !url.contains("${"));
  }

  /// The names of the licences, which are inherited as a whole.
  List<String> licences() throws IOException {
    List<String> names =
        child(project, "licenses").stream()
            .flatMap(all -> children(all, "license").stream())
            .flatMap(one -> text(one, "name").stream())
            .toList();
    return names.isEmpty() && parent().isPresent() ? parent().get().licences() : names;
  }

  /// `GROUP:NAME` of what it needs to run, whether or not it is there.
  Set<String> needs() {
    Set<String> names = new LinkedHashSet<>();
    child(project, "dependencies").stream()
        .flatMap(all -> children(all, "dependency").stream())
        .filter(one -> !text(one, "scope").orElse("").matches("test|provided|system|import"))
        .filter(one -> !text(one, "optional").orElse("").equals("true"))
        .forEach(
            one ->
                names.add(
                    text(one, "groupId").orElse("").replace("${project.groupId}", group())
                        + ":"
                        + text(one, "artifactId").orElse("")));
    return names;
  }

  private String own(String field) {
    return text(project, field)
        .or(() -> child(project, "parent").flatMap(parent -> text(parent, field)))
        .orElseThrow();
  }

  private Optional<Pom> parent() throws IOException {
    Optional<Element> parent = child(project, "parent");
    if (parent.isEmpty() || repository == null) {
      return Optional.empty();
    }
    String name = text(parent.get(), "artifactId").orElseThrow();
    String version = text(parent.get(), "version").orElseThrow();
    Path file =
        repository
            .resolve(text(parent.get(), "groupId").orElseThrow().replace('.', '/'))
            .resolve(Path.of(name, version, name + "-" + version + ".pom"));
    return Files.exists(file) ? Optional.of(read(file, repository)) : Optional.empty();
  }

  private static Optional<Element> child(Element of, String name) {
    return children(of, name).stream().findFirst();
  }

  private static List<Element> children(Element of, String name) {
    return IntStream.range(0, of.getChildNodes().getLength())
        .mapToObj(i -> of.getChildNodes().item(i))
        .filter(node -> node.getNodeType() == Node.ELEMENT_NODE && name.equals(node.getNodeName()))
        .map(Element.class::cast)
        .toList();
  }

  private static Optional<String> text(Element of, String name) {
    return child(of, name).map(element -> element.getTextContent().strip());
  }
}
