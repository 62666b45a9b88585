package dev.nsmon.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What real runtimes do is told with the container that it belongs to.
@ResourceLock("containers")
final class RuntimesIT {
  @TempDir private Path directory;

  @BeforeAll
  static void needs() {
    Needs.root();
  }

  @ParameterizedTest
  @ValueSource(strings = {"runc", "crun"})
  void aContainersStartExecAndEndNameIt(String name) throws IOException {
    Needs.tool("runc");
    Needs.tool(name);
    OciRuntime runtime = new OciRuntime(name);
    Bundle bundle = Bundle.make(directory, false);
    try (Child watch = Nsmon.watch("-o", "json")) {
      watch.awaitLine(line -> line.contains("\"synced\""));
      runtime.start(bundle);
      int pid = runtime.pid(bundle);
      // A process that enters is in the container's namespaces before the runtime moves it into the
      // container's control group, so that its first record may not name the container. Its second
      // reading, 0.1 s later, does.
      Child.eventually()
          .until(
              () -> {
                runtime.run("exec", bundle.id(), "/bin/sleep", "0.5").endedWith(0);
                return watch.lines().stream().anyMatch(line -> sleepLeft(line, bundle));
              });
      runtime.delete(bundle);
      watch.awaitLine(line -> left(line, bundle) && line.contains("\"pid\":" + pid + ","));
      List<JsonNode> told = Nsmon.json(watch.lines());
      for (String type : List.of("pid", "net", "ipc", "uts", "mnt")) {
        List<JsonNode> created =
            told.stream()
                .filter(one -> one.get("kind").asText().equals("namespace-created"))
                .filter(one -> one.at("/namespace/type").asText().equals(type))
                .toList();
        assertTrue(
            created.stream().anyMatch(one -> hasMember(one, told)), () -> type + ": " + told);
      }
      assertTrue(told.stream().noneMatch(one -> one.has("attention")), told::toString);
    } finally {
      runtime.delete(bundle);
    }
  }

  @Test
  void podmanNamesItsContainers() throws IOException {
    Needs.tool("podman");
    Path root = directory.resolve("rootfs");
    Bundle.rootfs(root);
    Path cid = directory.resolve("cid");
    try (Child watch = Nsmon.watch("-o", "json")) {
      watch.awaitLine(line -> line.contains("\"synced\""));
      try (Child podman =
          Child.start(
              new Podman(directory)
                  .run(
                      "--cidfile",
                      cid.toString(),
                      "--rootfs",
                      root.toString(),
                      "/bin/sleep",
                      "0.5"))) {
        podman.result().endedWith(0);
      }
      String id = Files.readString(cid);
      String line =
          watch.awaitLine(
              one ->
                  one.contains("process-left")
                      && one.contains("\"comm\":\"sleep\"")
                      && one.contains(id));
      assertEquals("podman", Nsmon.json(line).at("/container/runtime").asText());
    }
  }

  /// With its first process, or before it: a pid namespace lives from `unshare(2)` on, held for the
  /// children of its maker, and the first of these joins it later.
  private static boolean hasMember(JsonNode created, List<JsonNode> told) {
    JsonNode namespace = created.get("namespace");
    String joined = "/namespaces/" + namespace.get("type").asText() + "/key";
    return created.has("process")
        || told.stream()
            .filter(one -> one.get("kind").asText().equals("process-joined"))
            .anyMatch(one -> one.at(joined).equals(namespace.get("key")));
  }

  private static boolean sleepLeft(String line, Bundle bundle) {
    return left(line, bundle) && line.contains("\"comm\":\"sleep\"");
  }

  private static boolean left(String line, Bundle bundle) {
    return line.contains("process-left") && line.contains("{\"id\":\"" + bundle.id() + "\"");
  }
}
