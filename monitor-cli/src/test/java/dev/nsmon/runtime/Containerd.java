package dev.nsmon.runtime;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// A containerd of the test's own, with an image of busybox that sleeps.
final class Containerd implements AutoCloseable {
  static final String IMAGE = "localhost/nsmon-test:1";

  private static final Path BUSYBOX = Path.of("/bin/busybox");

  private final Path directory;
  private final Process process;

  private Containerd(Path directory, Process process) {
    this.directory = directory;
    this.process = process;
  }

  static Containerd start(Path directory) throws IOException {
    assumeTrue(
        Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0),
        "only root may run containerd");
    for (String tool : List.of("containerd", "ctr", "runc")) {
      assumeTrue(
          Stream.of(System.getenv("PATH").split(":", -1))
              .anyMatch(path -> Files.isExecutable(Path.of(path, tool))),
          "there is no " + tool + " on this machine");
    }
    assumeTrue(Files.isExecutable(BUSYBOX), "there is no busybox to fill a container with");
    Files.writeString(
        directory.resolve("config.toml"),
        """
        version = 2
        root = "%1$s/root"
        state = "%1$s/state"
        [grpc]
          address = "%1$s/s"
        [plugins."io.containerd.grpc.v1.cri"]
          sandbox_image = "%2$s"
          disable_tcp_service = true
          restrict_oom_score_adj = true
          [plugins."io.containerd.grpc.v1.cri".cni]
            bin_dir = "%1$s"
            conf_dir = "%1$s"
          [plugins."io.containerd.grpc.v1.cri".containerd]
            snapshotter = "native"
        """
            .formatted(directory, IMAGE));
    Process process =
        new ProcessBuilder("containerd", "--config", directory.resolve("config.toml").toString())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("log").toFile())
            .start();
    Containerd containerd = new Containerd(directory, process);
    try {
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> Files.exists(containerd.socket()) && process.isAlive());
    } catch (RuntimeException e) {
      containerd.close();
      throw e;
    }
    return containerd;
  }

  Path socket() {
    return directory.resolve("s");
  }

  /// Its client's command line.
  void ctr(String... args) throws IOException {
    List<String> command = new ArrayList<>(List.of("ctr", "-a", socket().toString()));
    command.addAll(List.of(args));
    run(command.toArray(String[]::new));
  }

  private void run(String... command) throws IOException {
    Path out = Files.createTempFile(directory, "out", "");
    Process child =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out.toFile()).start();
    try {
      child.waitFor(60, TimeUnit.SECONDS);
      assertEquals(0, child.exitValue(), () -> String.join(" ", command) + read(out));
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  private String read(Path file) {
    try {
      return "\n" + Files.readString(file) + "\n" + Files.readString(directory.resolve("log"));
    } catch (IOException e) {
      return e.toString();
    }
  }

  /// Brings the image into one of its namespaces.
  void image(String namespace) throws IOException {
    Path image = directory.resolve("image");
    if (!Files.exists(image)) {
      Path root = Files.createDirectories(directory.resolve("rootfs/bin")).getParent();
      Files.copy(BUSYBOX, root.resolve("bin/busybox"));
      Files.createSymbolicLink(root.resolve("bin/sleep"), Path.of("busybox"));
      Files.createDirectory(image);
      run("tar", "-C", root.toString(), "-cf", image.resolve("layer.tar").toString(), ".");
      Files.writeString(
          image.resolve("config.json"),
          """
          {"os":"linux","architecture":"%s","config":{"Entrypoint":["/bin/sleep","300"]},
           "rootfs":{"type":"layers","diff_ids":["sha256:%s"]}}
          """
              .formatted(
                  System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64",
                  sha256(image.resolve("layer.tar"))));
      Files.writeString(
          image.resolve("manifest.json"),
          """
          [{"Config":"config.json","RepoTags":["%s"],"Layers":["layer.tar"]}]
          """
              .formatted(IMAGE));
      String archive = directory.resolve("image.tar").toString();
      run(
          "tar",
          "-C",
          image.toString(),
          "-cf",
          archive,
          "manifest.json",
          "config.json",
          "layer.tar");
    }
    ctr(
        "-n",
        namespace,
        "images",
        "import",
        "--snapshotter",
        "native",
        directory.resolve("image.tar").toString());
  }

  private static String sha256(Path file) throws IOException {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    process.destroy();
    process.onExit().orTimeout(20, TimeUnit.SECONDS).join();
  }
}
