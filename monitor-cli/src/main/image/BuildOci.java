import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// Makes `target/nsmon-oci.tar`: a container image of two layers, in an OCI layout, in an archive,
/// as `podman load` and `skopeo` read it. No container engine and no base image is needed: the one
/// layer has what the program needs of the system that it was built on, the other the program.
///
/// See the image specification, <https://github.com/opencontainers/image-spec>, versions 1.0 and
/// 1.1.
final class BuildOci {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
  private static final String TYPE = "application/vnd.oci.image.";
  private static final String HOME = "usr/lib/nsmon";
  private static final String DOC = "usr/share/doc/";

  /// Nobody's on any host, as in other images.
  private static final int USER = 65532;

  private static final Map<String, String> ARCHITECTURES =
      Map.of("amd64", "amd64", "aarch64", "arm64");

  /// What the archive has: by its digest if it is a blob.
  private record Blob(String type, Path file, String digest, long size) {
    ObjectNode descriptor() {
      return JSON.createObjectNode()
          .put("mediaType", type)
          .put("digest", "sha256:" + digest)
          .put("size", size);
    }
  }

  private interface Content {
    void to(Tar tar) throws IOException;
  }

  private final Path target;
  private final String version;
  private final Instant time;
  private final Path work;

  /// Takes the build directory of this module, the version, and what is written down as the time of
  /// the build.
  public static void main(String[] args) throws IOException, InterruptedException {
    new BuildOci(Path.of(args[0]).toRealPath(), args[1], Instant.parse(args[2])).build();
  }

  private BuildOci(Path target, String version, Instant time) throws IOException {
    this.target = target;
    this.version = version;
    this.time = time;
    this.work = Files.createTempDirectory(target, "oci");
  }

  private void build() throws IOException, InterruptedException {
    Path image = target.resolve("nsmon");
    HostFiles host;
    try {
      host = HostFiles.neededBy(image);
    } catch (IllegalStateException e) {
      System.err.println("[WARNING] there is no OCI image: " + e.getMessage());
      Files.delete(work);
      return;
    }
    Blob system = layer("system", tar -> system(tar, host));
    Blob program = layer("program", tar -> program(tar, image, host));
    Blob config = blob("config.v1+json", config(List.of(system, program)));
    ObjectNode manifest = document("manifest");
    manifest.set("config", config.descriptor());
    ArrayNode layers = manifest.putArray("layers");
    List.of(system, program).forEach(layer -> layers.add(layer.descriptor()));
    Blob described = blob("manifest.v1+json", manifest);
    Path archive = target.resolve("nsmon-oci.tar");
    write(
        archive,
        tar -> {
          tar.file(
              "oci-layout",
              0644,
              bytes(JSON.createObjectNode().put("imageLayoutVersion", "1.0.0")));
          tar.file("index.json", 0644, bytes(index(described)));
          for (Blob blob : List.of(described, config, system, program)) {
            tar.file("blobs/sha256/" + blob.digest(), blob.file());
          }
        });
    for (Blob blob : List.of(described, config, system, program)) {
      Files.delete(blob.file());
    }
    Files.delete(work);
  }

  /// A file system in which a JVM and a shell start.
  private static void system(Tar tar, HostFiles host) throws IOException {
    for (Path file : host.files()) {
      tar.file(file.toString().substring(1), file.toRealPath());
    }
    Set<Path> texts = new TreeSet<>();
    host.packages().forEach(one -> texts.addAll(one.texts()));
    for (Path text : texts) {
      tar.file(text.toString().substring(1), text.toRealPath());
    }
    for (String directory : List.of("dev", "proc", "sys", "run", "etc/nsmon")) {
      tar.directory(directory);
    }
    tar.directory("tmp", 01777, 0);
    for (String directory : List.of("var/lib/nsmon", "var/log/nsmon")) {
      tar.directory(directory, 0750, USER);
    }
    String users = "root:x:0:0:root:/:/bin/sh\nnsmon:x:%1$d:%1$d:nsmon:/var/lib/nsmon:/bin/sh\n";
    tar.file("etc/passwd", 0644, text(users.formatted(USER)));
    tar.file("etc/group", 0644, text("root:x:0:\nnsmon:x:%d:\n".formatted(USER)));
    tar.file("etc/nsswitch.conf", 0644, text("hosts: files dns\n"));
  }

  private void program(Tar tar, Path image, HostFiles host) throws IOException {
    for (String part : List.of("bin", "lib", "runtime")) {
      tar.tree(HOME + "/" + part, image.resolve(part));
    }
    Path cache = image.resolve("nsmon.aot");
    if (Files.exists(cache)) {
      tar.file(HOME + "/nsmon.aot", cache);
    }
    Path notices = image.resolve("share/doc/nsmon/THIRD-PARTY.txt");
    StringBuilder more = new StringBuilder(Files.readString(notices));
    more.append("\nThis container image also has, unchanged:\n\n");
    for (HostFiles.Package one : host.packages()) {
      more.append("%-50s %-16s %s%n".formatted(one.name(), one.version(), one.texts()));
    }
    tar.file(DOC + "nsmon/THIRD-PARTY.txt", 0644, text(more.toString()));
    ObjectNode bill =
        (ObjectNode) JSON.readTree(image.resolve("share/doc/nsmon/nsmon.cdx.json").toFile());
    ArrayNode components = bill.withArray("components");
    for (HostFiles.Package one : host.packages()) {
      components
          .addObject()
          .put("type", "library")
          .put("bom-ref", one.purl())
          .put("name", one.name())
          .put("version", one.version())
          .put("purl", one.purl());
    }
    tar.file(DOC + "nsmon/nsmon.cdx.json", 0644, bytes(bill));
  }

  private ObjectNode config(List<Blob> layers) {
    ObjectNode image = JSON.createObjectNode();
    String arch = System.getProperty("os.arch");
    image
        .put("created", time.toString())
        .put("architecture", ARCHITECTURES.getOrDefault(arch, arch))
        .put("os", "linux");
    ObjectNode config = image.putObject("config").put("User", USER + ":" + USER);
    config
        .putArray("Env")
        .add("PATH=/" + HOME + "/bin:/bin")
        .add("LANG=C.UTF-8")
        // Where the journal is, for any user.
        .add("STATE_DIRECTORY=/var/lib/nsmon");
    config.putArray("Entrypoint").add("/" + HOME + "/bin/nsmon");
    config.put("WorkingDir", "/");
    config
        .putObject("Labels")
        .put("org.opencontainers.image.title", "nsmon")
        .put("org.opencontainers.image.description", "Monitor of Linux namespaces, as they change")
        .put("org.opencontainers.image.version", version)
        .put("org.opencontainers.image.created", time.toString());
    ObjectNode root = image.putObject("rootfs").put("type", "layers");
    ArrayNode digests = root.putArray("diff_ids");
    layers.forEach(layer -> digests.add("sha256:" + layer.digest()));
    return image;
  }

  private ObjectNode index(Blob manifest) {
    ObjectNode index = document("index");
    String name = "localhost/nsmon:" + version;
    index
        .putArray("manifests")
        .add(manifest.descriptor())
        .get(0)
        .<ObjectNode>withObject("/annotations")
        .put("org.opencontainers.image.ref.name", name)
        .put("io.containerd.image.name", name);
    return index;
  }

  private static ObjectNode document(String name) {
    return JSON.createObjectNode()
        .put("schemaVersion", 2)
        .put("mediaType", TYPE + name + ".v1+json");
  }

  private Blob layer(String name, Content content) throws IOException {
    Path file = work.resolve(name);
    String digest = write(file, content);
    return new Blob(TYPE + "layer.v1.tar", file, digest, Files.size(file));
  }

  private Blob blob(String type, ObjectNode content) throws IOException {
    Path file = Files.write(work.resolve(type), bytes(content));
    String digest = HexFormat.of().formatHex(sha256().digest(bytes(content)));
    return new Blob(TYPE + type, file, digest, Files.size(file));
  }

  /// Writes an archive and returns its digest.
  private String write(Path file, Content content) throws IOException {
    MessageDigest digest = sha256();
    try (OutputStream out =
            new DigestOutputStream(new BufferedOutputStream(Files.newOutputStream(file)), digest);
        Tar tar = new Tar(out, time.getEpochSecond())) {
      content.to(tar);
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static byte[] bytes(ObjectNode json) throws IOException {
    return JSON.writeValueAsBytes(json);
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
