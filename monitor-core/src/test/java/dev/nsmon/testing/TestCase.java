package dev.nsmon.testing;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/// One test of a report that Surefire or Failsafe has written (`surefire-test-report.xsd`).
///
/// @param name `Class.method`, the class without its package
/// @param skipped why it was skipped, one line; empty if it ran
/// @param failure the first line of why it failed; empty if it did not
record TestCase(String name, Optional<String> skipped, Optional<String> failure) {

  /// All tests of the reports in a directory that are not older than this; none if there is no such
  /// directory.
  static List<TestCase> in(Path directory, Instant since) throws IOException {
    List<TestCase> cases = new ArrayList<>();
    if (Files.isDirectory(directory)) {
      try (DirectoryStream<Path> reports = Files.newDirectoryStream(directory, "TEST-*.xml")) {
        for (Path report : reports) {
          if (!Files.getLastModifiedTime(report).toInstant().isBefore(since)) {
            try (InputStream in = Files.newInputStream(report)) {
              cases.addAll(read(in));
            } catch (XMLStreamException e) {
              throw new IOException(report + ": " + e.getMessage(), e);
            }
          }
        }
      }
    }
    return cases;
  }

  private static List<TestCase> read(InputStream in) throws XMLStreamException {
    XMLInputFactory factory = XMLInputFactory.newFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    XMLStreamReader xml = factory.createXMLStreamReader(in);
    List<TestCase> cases = new ArrayList<>();
    while (xml.hasNext()) {
      if (xml.next() == XMLStreamConstants.START_ELEMENT && xml.getLocalName().equals("testcase")) {
        cases.add(testCase(xml));
      }
    }
    return cases;
  }

  private static TestCase testCase(XMLStreamReader xml) throws XMLStreamException {
    String type = xml.getAttributeValue(null, "classname");
    String name =
        type.substring(type.lastIndexOf('.') + 1) + "." + xml.getAttributeValue(null, "name");
    Optional<String> skipped = Optional.empty();
    Optional<String> failure = Optional.empty();
    while (xml.next() != XMLStreamConstants.END_ELEMENT || !xml.getLocalName().equals("testcase")) {
      if (xml.isStartElement()) {
        switch (xml.getLocalName()) {
          case "skipped" -> skipped = Optional.of(reason(xml));
          case "failure", "error" -> failure = Optional.of(reason(xml));
          default -> {}
        }
      }
    }
    return new TestCase(name, skipped, failure);
  }

  /// The message of the exception, or the one that `@Disabled` gives.
  private static String reason(XMLStreamReader xml) throws XMLStreamException {
    String message = xml.getAttributeValue(null, "message");
    String text = message == null ? xml.getElementText() : message;
    String line = text.strip().lines().findFirst().orElse("no reason given");
    return line.replaceFirst("^org\\.opentest4j\\.TestAbortedException: ", "")
        .replaceFirst("^Assumption failed: ", "");
  }
}
