package dev.nsmon.cli;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/// A container to be run by an OCI runtime: busybox, and a process that waits.
///
/// @param id as the runtime knows it, and as its control group names it: 64 hex digits
record Bundle(Path directory, String id) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path BUSYBOX = Path.of("/bin/busybox");

  /// @param sharesPids whether the container is in the host's pid namespace, with all capabilities
  static Bundle make(Path parent, boolean sharesPids) throws IOException {
    String id = (UUID.randomUUID() + "" + UUID.randomUUID()).replace("-", "");
    Path directory = Files.createDirectory(parent.resolve(id));
    rootfs(directory.resolve("rootfs"));
    Nsmon.shell("cd " + directory + " && runc spec").endedWith(0);
    Path file = directory.resolve("config.json");
    ObjectNode config = (ObjectNode) JSON.readTree(file.toFile());
    ((ObjectNode) config.get("root")).put("readonly", false);
    ObjectNode process = (ObjectNode) config.get("process");
    process.put("terminal", false);
    process.remove("rlimits");
    process.putArray("args").add("/bin/sleep").add("300");
    ObjectNode linux = (ObjectNode) config.get("linux");
    linux.put("cgroupsPath", "/docker/" + id);
    if (sharesPids) {
      ArrayNode namespaces = (ArrayNode) linux.get("namespaces");
      for (int i = namespaces.size() - 1; i >= 0; i--) {
        if (Set.of("pid", "cgroup").contains(namespaces.get(i).get("type").asText())) {
          namespaces.remove(i);
        }
      }
      ObjectNode capabilities = (ObjectNode) process.get("capabilities");
      for (String set : List.of("bounding", "effective", "permitted")) {
        capabilities
            .putArray(set)
            .add("CAP_SYS_ADMIN")
            .add("CAP_SYS_CHROOT")
            .add("CAP_SYS_PTRACE")
            .add("CAP_KILL");
      }
    }
    JSON.writeValue(file.toFile(), config);
    return new Bundle(directory, id);
  }

  /// The file system of a container: busybox under the names of what it can do.
  static void rootfs(Path root) throws IOException {
    assumeTrue(Files.isExecutable(BUSYBOX), "there is no busybox to fill a container with");
    for (String name : List.of("proc", "dev", "sys", "bin")) {
      Files.createDirectories(root.resolve(name));
    }
    Files.copy(BUSYBOX, root.resolve("bin/busybox"));
    for (String name : List.of("sh", "sleep", "nsenter", "true")) {
      Files.createSymbolicLink(root.resolve("bin").resolve(name), Path.of("busybox"));
    }
  }
}
