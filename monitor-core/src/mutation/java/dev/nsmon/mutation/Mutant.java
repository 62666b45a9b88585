package dev.nsmon.mutation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/// One change that PIT made to the product, and what the tests made of it.
///
/// @param status PIT's word: `KILLED`, `TIMED_OUT`, `MEMORY_ERROR`, `SURVIVED`, `NO_COVERAGE`, ...
/// @param className its full name
/// @param mutator the kind of change, such as `MathMutator`
/// @param change the change in PIT's words
/// @param source the text of the changed line, without its indentation
record Mutant(
    String status,
    String className,
    String method,
    int line,
    String mutator,
    String change,
    String source) {

  /// Whether a test failed because of it. A test that runs for ever, or out of memory, has failed.
  boolean isKilled() {
    return switch (status) {
      case "KILLED", "TIMED_OUT", "MEMORY_ERROR" -> true;
      default -> false;
    };
  }

  /// Whether it is a change that the JVM refuses to load, so that no test can judge it.
  boolean isVoid() {
    return status.equals("NON_VIABLE");
  }

  /// Whether the tests themselves could not be run with it.
  boolean isUnjudged() {
    return !isKilled() && !isVoid() && !status.equals("SURVIVED") && !status.equals("NO_COVERAGE");
  }

  /// Reads PIT's report.
  ///
  /// @param sources where the product's packages begin
  static List<Mutant> read(Path report, Path sources) throws IOException {
    try {
      NodeList nodes =
          DocumentBuilderFactory.newDefaultInstance()
              .newDocumentBuilder()
              .parse(report.toFile())
              .getElementsByTagName("mutation");
      List<Mutant> mutants = new ArrayList<>();
      for (int i = 0; i < nodes.getLength(); i++) {
        mutants.add(read((Element) nodes.item(i), sources));
      }
      return mutants;
    } catch (ParserConfigurationException | SAXException e) {
      throw new IOException("not PIT's report: " + report, e);
    }
  }

  private static Mutant read(Element node, Path sources) throws IOException {
    String className = text(node, "mutatedClass");
    int line = Integer.parseInt(text(node, "lineNumber"));
    String mutator = text(node, "mutator");
    String directory = className.substring(0, className.lastIndexOf('.')).replace('.', '/');
    List<String> file =
        Files.readAllLines(sources.resolve(directory).resolve(text(node, "sourceFile")));
    return new Mutant(
        node.getAttribute("status"),
        className,
        text(node, "mutatedMethod"),
        line,
        mutator.substring(mutator.lastIndexOf('.') + 1),
        text(node, "description"),
        file.get(line - 1).strip());
  }

  private static String text(Element node, String name) {
    return node.getElementsByTagName(name).item(0).getTextContent();
  }
}
