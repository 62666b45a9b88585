import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Writes what nsmon is bundled with, under which licences, and every text that has to go along:
/// those of the licences, and what the jars themselves say.
record Notices(List<Artifact> artifacts, Licences licences, LinkedRuntime runtime) {
  private static final String RULE = "-".repeat(100) + "\n";

  /// A licence or notice of a jar's own.
  private static final Pattern TEXT =
      Pattern.compile(".*(LICEN[CS]E|NOTICE|COPYING)[^/]*", Pattern.CASE_INSENSITIVE);

  void write(Path file) throws IOException {
    List<Artifact> theirs = artifacts.stream().filter(one -> !one.isOurs()).toList();
    Map<String, Set<String>> copyrights = new TreeMap<>();
    StringBuilder out =
        new StringBuilder(
            """
            nsmon is bundled with the work of others. This file says with what, under which licences, and has
            the texts that go along.

            """);
    for (Artifact artifact : theirs) {
      List<String> ids = licences.ids(artifact);
      out.append(row(artifact.pom().name(), artifact.pom().version(), String.join(", ", ids)));
      ids.forEach(id -> copyrights.computeIfAbsent(id, any -> new TreeSet<>()));
      for (Carried carried : Carried.in(artifact)) {
        boolean free = carried.licence().isEmpty();
        if (!carried.isTheJar()) {
          String name = "  in it: " + carried.name();
          out.append(row(name, carried.version(), free ? "public domain" : carried.licence()));
        }
        if (!free) {
          copyrights
              .computeIfAbsent(carried.licence(), any -> new TreeSet<>())
              .add(carried.name() + ": " + carried.copyright());
        }
      }
    }
    out.append(
        """

        The page has no code of others. The Java runtime in the directory runtime is %s %s
        (%s), under %s.
        The directory runtime/legal has its licences, and those of what it carries, for each of its modules:

        %s
        """
            .formatted(
                runtime.vendor(),
                runtime.version(),
                runtime.source(),
                LinkedRuntime.LICENCE,
                String.join("\n", runtime.modules())));
    for (Map.Entry<String, Set<String>> licence : copyrights.entrySet()) {
      head(out, licence.getKey());
      licence.getValue().forEach(line -> out.append(line.strip()).append('\n'));
      out.append(licence.getValue().isEmpty() ? "" : "\n").append(licences.text(licence.getKey()));
    }
    for (Map.Entry<String, List<String>> text : texts(theirs).entrySet()) {
      head(out, text.getValue().stream().collect(Collectors.joining("\n")));
      out.append(text.getKey()).append('\n');
    }
    Files.writeString(file, out);
  }

  /// The jars' own texts, each with the files that have it.
  private Map<String, List<String>> texts(List<Artifact> of) throws IOException {
    Map<String, List<String>> texts = new LinkedHashMap<>();
    for (Artifact artifact : of) {
      try (JarFile jar = new JarFile(artifact.file().toFile())) {
        for (JarEntry entry : jar.stream().filter(Notices::isText).toList()) {
          try (InputStream in = jar.getInputStream(entry)) {
            String text =
                new String(in.readAllBytes(), StandardCharsets.UTF_8).replace("\r", "").strip();
            if (!sameWords(text, licences.text("Apache-2.0"))) {
              texts
                  .computeIfAbsent(text, any -> new ArrayList<>())
                  .add(artifact.pom().name() + ": " + entry.getName());
            }
          }
        }
      }
    }
    return texts;
  }

  private static boolean isText(JarEntry entry) {
    return !entry.isDirectory()
        && !entry.getName().endsWith(".class")
        && TEXT.matcher(entry.getName()).matches();
  }

  /// Whether they differ in nothing but white space and how they write addresses and years.
  private static boolean sameWords(String text, String other) {
    return words(text).equals(words(other));
  }

  private static String words(String text) {
    return text.replaceAll("https?:", "").replaceAll("\\s+", " ").strip();
  }

  private static String row(String name, String version, String licence) {
    return "%-50s %-16s %s".formatted(name, version, licence).stripTrailing() + "\n";
  }

  private static void head(StringBuilder out, String title) {
    out.append('\n').append(RULE).append(title).append('\n').append(RULE).append('\n');
  }
}
