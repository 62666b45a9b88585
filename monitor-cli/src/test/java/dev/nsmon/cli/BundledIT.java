package dev.nsmon.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The image says what it is made of, truly, and brings the licences along.
final class BundledIT {
  private static final Path DOC = Nsmon.image().resolve("share/doc/nsmon");

  private static JsonNode bill() throws IOException {
    return Nsmon.json(Files.readString(DOC.resolve("nsmon.cdx.json")));
  }

  private static List<JsonNode> jars() throws IOException {
    return bill().get("components").valueStream().filter(one -> one.has("properties")).toList();
  }

  @Test
  void theBillListsTheJarsThatAreThereAndNoOthers() throws IOException {
    Set<String> there;
    try (Stream<Path> files = Files.list(Nsmon.image().resolve("lib"))) {
      there =
          files
              .map(file -> "lib/" + file.getFileName())
              .filter(name -> name.endsWith(".jar"))
              .collect(Collectors.toCollection(TreeSet::new));
    }
    Set<String> listed = new TreeSet<>();
    jars().forEach(jar -> listed.add(jar.at("/properties/0/value").asText()));
    assertEquals(there, listed);
    assertTrue(listed.stream().noneMatch(name -> name.matches(".*(junit|awaitility).*")));
  }

  @Test
  void theBillIsAsCycloneDxHasIt() throws IOException {
    Schema schema =
        SchemaRegistry.withDefaultDialect(
                SpecificationVersion.DRAFT_7,
                builder ->
                    builder.schemaIdResolvers(
                        ids -> ids.mapPrefix("http://cyclonedx.org/schema/", "classpath:")))
            .getSchema(SchemaLocation.of("http://cyclonedx.org/schema/bom-1.6.schema.json"));
    JsonNode bill = bill();
    assertEquals(List.of(), schema.validate(bill));
    ((ObjectNode) bill.get("components").get(0)).put("type", "surprise");
    assertEquals(1, schema.validate(bill).size());
  }

  @Test
  void everyDependencyIsAComponent() throws IOException {
    Set<String> refs =
        bill()
            .get("components")
            .valueStream()
            .map(one -> one.get("bom-ref").asText())
            .collect(Collectors.toSet());
    List<JsonNode> dependencies = bill().get("dependencies").valueStream().toList();
    assertTrue(
        dependencies.stream()
            .flatMap(one -> one.get("dependsOn").valueStream())
            .allMatch(ref -> refs.contains(ref.asText())));
    String databind = "com.fasterxml.jackson.core/jackson-databind";
    JsonNode one =
        dependencies.stream()
            .filter(dependency -> dependency.get("ref").asText().contains(databind))
            .findAny()
            .orElseThrow();
    assertEquals(2, one.get("dependsOn").size(), one::toString);
  }

  @Test
  void theNoticesNameEveryJarWithItsLicenceAndHaveItsText() throws IOException {
    String notices = Files.readString(DOC.resolve("THIRD-PARTY.txt"));
    for (JsonNode jar : jars()) {
      if (!jar.get("group").asText().equals("dev.nsmon")) {
        String licence = jar.at("/licenses/0/license/id").asText();
        assertTrue(
            notices
                .lines()
                .anyMatch(
                    line ->
                        List.of(line.split(" +"))
                            .equals(
                                List.of(
                                    jar.get("name").asText(),
                                    jar.get("version").asText(),
                                    licence))),
            jar::toString);
        assertTrue(notices.contains("---\n" + licence + "\n---"), licence);
      }
    }
    for (String text :
        List.of(
            "TERMS AND CONDITIONS FOR USE, REPRODUCTION, AND DISTRIBUTION",
            "Neither the name of the copyright holder",
            "May you do good and not evil.",
            "Copyright (c) Meta Platforms",
            "Copyright 2026 The Apache Software Foundation.",
            "GPL-2.0-only WITH Classpath-exception-2.0")) {
      assertTrue(notices.contains(text), text);
    }
    assertTrue(Files.exists(Nsmon.image().resolve("runtime/legal/java.base/LICENSE")));
  }

  /// With the class path of the tests, which has jars under licences that nobody has looked at.
  @Test
  @Tag("full")
  void anImageWithAnUnknownLicenceIsNotBuilt() throws IOException {
    Path module = Nsmon.image().resolve("../..").normalize();
    Path target = Files.createTempDirectory(module.resolve("target"), "unlicensed");
    Path java = Path.of(System.getProperty("java.home"), "bin/java");
    try {
      Nsmon.shell("cp -al " + module + "/target/runtime* " + target).endedWith(0);
      Result result =
          Child.start(
                  java.toString(),
                  "-classpath",
                  classPathOfTests(),
                  module + "/src/main/image/BuildImage.java",
                  target.toString(),
                  jar(module).toString(),
                  module + "/src/main/image",
                  modules(target),
                  "train",
                  "2026-01-01T00:00:00Z",
                  "2026-01-01T00:00:00Z")
              .result();
      assertEquals(1, result.code(), result::toString);
      assertTrue(
          result.err().matches("(?s).*the licence of \\S+:\\S+ is not known: .*"), result::err);
      assertTrue(Files.notExists(target.resolve("nsmon")));
    } finally {
      Nsmon.shell("rm -r " + target).endedWith(0);
    }
  }

  /// Without those of Helm and JNA, whose native libraries are a reason of its own to refuse them.
  private static String classPathOfTests() {
    String all =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    return Stream.of(all.split(File.pathSeparator, -1))
        .filter(jar -> !jar.matches(".*/(helm-java|jna)[^:]*"))
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static Path jar(Path module) throws IOException {
    try (Stream<Path> files = Files.list(module.resolve("target"))) {
      return files
          .filter(file -> file.getFileName().toString().startsWith("monitor-cli-"))
          .findAny()
          .orElseThrow();
    }
  }

  private static String modules(Path target) throws IOException {
    return Files.readAllLines(target.resolve("runtime.txt")).get(1);
  }
}
