package dev.nsmon.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A real Podman is asked what its containers are called. containerd is in `ContainerdIT`.
@ResourceLock("containers")
final class RuntimeNamesIT {
  private static final String IMAGE = "localhost/nsmon-test:1";

  @TempDir private Path directory;

  @Test
  void podmanTellsNameAndImage() throws IOException {
    Needs.root();
    Needs.tool("runc");
    Needs.tool("podman");
    Podman podman = new Podman(directory);
    Path root = directory.resolve("rootfs");
    Bundle.rootfs(root);
    String tar = directory.resolve("image.tar").toString();
    run("tar", "-C", root.toString(), "-cf", tar, ".");
    run(podman.command("import", tar, IMAGE));
    Path socket = directory.resolve("s");
    String option = "--runtime-names=unix://" + socket;
    try (Child watch = Nsmon.watch(option, "-o", "json");
        Child text = Nsmon.watch(option, "--container", "web");
        Child _ = Child.start(podman.command("system", "service", "-t", "0", "unix://" + socket))) {
      Child.eventually().until(() -> Files.exists(socket));
      // Each process of the loop is told, with the name as soon as it is known.
      String loop = "while :; do sleep 0.1; done";
      run(podman.run("-d", "--name", "web", IMAGE, "/bin/sh", "-c", loop));
      try {
        String line = watch.awaitLine(one -> one.contains("\"name\":\"web\""));
        JsonNode container = Nsmon.json(line).get("container");
        assertEquals("podman", container.get("runtime").asText());
        assertEquals(IMAGE, container.get("image").asText());
        String id = container.get("id").asText();
        text.awaitLine(one -> one.endsWith("  podman:" + id.substring(0, 12) + " web"));
      } finally {
        run(podman.command("rm", "-f", "-t", "0", "web"));
      }
      String said = "--runtime-names: no runtime listens yet at " + socket;
      assertTrue(watch.err().contains(said), watch::err);
    }
  }

  private static void run(String... command) {
    try (Child child = Child.start(command)) {
      child.result().endedWith(0);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "docker.sock, is no runtime's socket: unix:///run/docker.sock",
    "unix://docker.sock, is no runtime's socket: unix:///run/docker.sock",
    "tcp://localhost:2375, is no runtime's socket: unix:///run/docker.sock",
    "unix:///, is no runtime's socket: unix:///run/docker.sock",
  })
  void whatIsNoSocketIsRefused(String socket, String why) {
    Result result = Refusals.run("watch", "--runtime-names=" + socket).endedWith(2);
    assertTrue(result.err().contains("'" + socket + "' " + why), result::err);
  }

  @Test
  void usualSocketsAreNamedWhereThereAreNone() {
    Result result = Nsmon.run("watch", "--runtime-names", "--duration", "100ms").endedWith(0);
    boolean any =
        Files.exists(Path.of("/run/docker.sock"))
            || Files.exists(Path.of("/run/podman/podman.sock"))
            || Files.exists(Path.of("/run/containerd/containerd.sock"))
            || Files.exists(Path.of("/run/crio/crio.sock"));
    assertEquals(!any, result.err().contains("no runtime listens yet at /run/docker.sock, "));
  }
}
