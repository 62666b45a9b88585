import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/// Writes the bill of materials, CycloneDX 1.6: the jars of the image, what they carry, and the
/// runtime. The same image has the same bill.
///
/// The hash of a jar is that of the jar as it was published.
record Bom(List<Artifact> artifacts, Licences licences, LinkedRuntime runtime, String time) {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  /// @throws IllegalStateException if the licence of something is not known
  void write(Path file) throws IOException {
    Artifact program = artifacts.getFirst();
    ObjectNode bom = JSON.createObjectNode();
    bom.put("$schema", "http://cyclonedx.org/schema/bom-1.6.schema.json")
        .put("bomFormat", "CycloneDX")
        .put("specVersion", "1.6");
    bom.putNull("serialNumber").put("version", 1);
    ObjectNode metadata = bom.putObject("metadata").put("timestamp", time);
    metadata.putArray("lifecycles").addObject().put("phase", "build");
    metadata
        .putObject("component")
        .put("type", "application")
        .put("bom-ref", "nsmon")
        .put("name", "nsmon")
        .put("version", program.pom().version());
    ArrayNode components = bom.putArray("components");
    for (Artifact artifact : artifacts) {
      describe(artifact, components.addObject());
    }
    describe(components.addObject());
    depend(bom.putArray("dependencies"));
    UUID id = UUID.nameUUIDFromBytes(JSON.writeValueAsBytes(bom));
    bom.put("serialNumber", "urn:uuid:" + id);
    JSON.writeValue(file.toFile(), bom);
  }

  private void describe(Artifact artifact, ObjectNode component) throws IOException {
    component
        .put("type", "library")
        .put("bom-ref", artifact.purl())
        .put("group", artifact.pom().group())
        .put("name", artifact.pom().name())
        .put("version", artifact.pom().version())
        .put("scope", "required");
    component.putArray("hashes").addObject().put("alg", "SHA-256").put("content", hash(artifact));
    if (!artifact.isOurs()) {
      ArrayNode under = component.putArray("licenses");
      licences.ids(artifact).forEach(id -> under.addObject().putObject("license").put("id", id));
    }
    component.put("purl", artifact.purl());
    artifact
        .pom()
        .url()
        .ifPresent(
            url ->
                component
                    .putArray("externalReferences")
                    .addObject()
                    .put("type", "website")
                    .put("url", url));
    component
        .putArray("properties")
        .addObject()
        .put("name", "nsmon:file")
        .put("value", "lib/" + artifact.fileName());
    List<Carried> carried = Carried.in(artifact).stream().filter(one -> !one.isTheJar()).toList();
    if (!carried.isEmpty()) {
      ArrayNode inside = component.putArray("components");
      carried.forEach(one -> describe(one, inside.addObject()));
    }
  }

  private static void describe(Carried carried, ObjectNode component) {
    component.put("type", "library").put("name", carried.name());
    if (!carried.version().isEmpty()) {
      component.put("version", carried.version());
    }
    ObjectNode licence = component.putArray("licenses").addObject().putObject("license");
    if (carried.licence().isEmpty()) {
      licence.put("name", "public domain");
    } else {
      licence.put("id", carried.licence());
    }
    if (!carried.copyright().isEmpty()) {
      component.put("copyright", carried.copyright());
    }
    if (!carried.purl().isEmpty()) {
      component.put("purl", carried.purl());
    }
  }

  private void describe(ObjectNode component) {
    component
        .put("type", "platform")
        .put("bom-ref", "runtime")
        .put("publisher", runtime.vendor())
        .put("name", "Java runtime")
        .put("version", runtime.version());
    component.putArray("licenses").addObject().put("expression", LinkedRuntime.LICENCE);
    ArrayNode modules = component.putArray("components");
    runtime
        .modules()
        .forEach(
            name ->
                modules
                    .addObject()
                    .put("type", "library")
                    .put("name", name)
                    .put("version", runtime.version()));
  }

  /// Which jar needs which others of the image.
  private void depend(ArrayNode dependencies) {
    Map<String, List<String>> purls =
        artifacts.stream()
            .collect(
                Collectors.groupingBy(
                    one -> one.pom().group() + ":" + one.pom().name(),
                    Collectors.mapping(Artifact::purl, Collectors.toList())));
    dependencies
        .addObject()
        .put("ref", "nsmon")
        .putArray("dependsOn")
        .add(artifacts.getFirst().purl())
        .add("runtime");
    for (Artifact artifact : artifacts) {
      ArrayNode on = dependencies.addObject().put("ref", artifact.purl()).putArray("dependsOn");
      Set<String> needs = artifact.pom().needs();
      needs.stream().flatMap(name -> purls.getOrDefault(name, List.of()).stream()).forEach(on::add);
    }
  }

  private static String hash(Artifact artifact) throws IOException {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(Files.readAllBytes(artifact.file())));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
