package dev.nsmon.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

/// Start and end of what other programs than OCI runtimes wall off: LXC, systemd-nspawn, bubblewrap
/// and Chromium, with the container's name where there is one.
@Tag("full")
@ResourceLock("containers")
final class SandboxesIT {
  private static final int NOBODY = 65534;
  private static final List<Path> HIERARCHIES =
      List.of(
          Path.of("/sys/fs/cgroup"),
          Path.of("/sys/fs/cgroup/unified"),
          Path.of("/sys/fs/cgroup/systemd"));
  private static final Set<String> OWN = Set.of("ipc", "mnt", "net", "pid", "uts");

  @TempDir private Path directory;
  private Path root;

  @BeforeEach
  void rootfs() throws IOException {
    Needs.root();
    root = directory.resolve("rootfs");
    Bundle.rootfs(root);
    for (String name : List.of("etc", "usr", "run", "tmp", "var")) {
      Files.createDirectory(root.resolve(name));
    }
    Files.writeString(root.resolve("etc/os-release"), "ID=busybox\n");
  }

  private static Child watch() {
    return Nsmon.watch("-o", "json");
  }

  private static void run(Child watch, String... command) {
    Child.eventually().until(() -> watch.err().contains("nsmon: source: "));
    assumeTrue(!watch.err().contains("source: poll"), () -> "too slow for these: " + watch.err());
    try (Child child = Child.start(command)) {
      child.result().endedWith(0);
    }
  }

  /// Waits until namespaces of these types have come and gone, in which there was such a process,
  /// and where nothing deserved attention.
  private static void awaitLives(Child watch, Set<String> types, Predicate<JsonNode> lastMember) {
    Child.eventually()
        .untilAsserted(
            () -> {
              List<JsonNode> told = Nsmon.json(watch.lines());
              Set<String> begun = keys(told, "namespace-created", _ -> true);
              Set<String> lives = new TreeSet<>(keys(told, "namespace-destroyed", lastMember));
              lives.retainAll(begun);
              assertEquals(
                  new TreeSet<>(types),
                  lives.stream()
                      .map(key -> key.substring(0, key.indexOf(':')))
                      .filter(types::contains)
                      .collect(Collectors.toCollection(TreeSet::new)));
              assertTrue(
                  told.stream()
                      .filter(one -> lives.contains(one.at("/namespace/key").asText()))
                      .noneMatch(one -> one.has("attention")),
                  watch::out);
            });
  }

  private static Set<String> keys(List<JsonNode> told, String kind, Predicate<JsonNode> which) {
    return told.stream()
        .filter(one -> one.get("kind").asText().equals(kind))
        .filter(which)
        .map(one -> one.at("/namespace/key").asText())
        .collect(Collectors.toSet());
  }

  private static Predicate<JsonNode> in(String runtime, String id) {
    return one ->
        one.at("/container/runtime").asText().equals(runtime)
            && one.at("/container/id").asText().equals(id);
  }

  private static Predicate<JsonNode> of(String comm) {
    return one -> one.at("/process/comm").asText().equals(comm);
  }

  @Test
  void lxcNamesItsContainer() throws IOException {
    Needs.tool("lxc-execute");
    String name = "nsmon-test-" + ProcessHandle.current().pid();
    Path config = directory.resolve("config");
    Files.writeString(
        config,
        """
        lxc.uts.name = %s
        lxc.rootfs.path = dir:%s
        lxc.net.0.type = empty
        """
            .formatted(name, root));
    Path all = Files.createDirectory(directory.resolve("lxc"));
    try (Child watch = watch()) {
      run(
          watch,
          "lxc-execute",
          "-P",
          all.toString(),
          "-n",
          name,
          "-f",
          config.toString(),
          "--",
          "/bin/sleep",
          "1");
      // LXC itself visits the network namespace at the end, to clear it.
      awaitLives(watch, OWN, in("lxc", name).or(of("lxc-execute")));
      watch.awaitLine(
          line -> line.contains("process-left") && in("lxc", name).test(Nsmon.json(line)));
    }
  }

  /// The scope is made by hand, as systemd would make it, for which none runs in a test.
  @Test
  void systemdNspawnIsNamedByItsScope() throws IOException {
    Needs.tool("systemd-nspawn");
    String name = "nsmon-test-" + ProcessHandle.current().pid();
    Path scope = hierarchy().resolve("machine-" + name.replace("-", "\\x2d") + ".scope");
    Files.createDirectory(scope);
    try (Child watch = watch()) {
      run(
          watch,
          "sh",
          "-c",
          "echo $$ >\"$0/cgroup.procs\" && exec \"$@\"",
          scope.toString(),
          "systemd-nspawn",
          "-q",
          "-D",
          root.toString(),
          "-M",
          name,
          "--register=no",
          "--keep-unit",
          "--private-network",
          "/bin/sleep",
          "1");
      awaitLives(watch, OWN, in("systemd-nspawn", name));
    } finally {
      // systemd-nspawn makes the same in systemd's own hierarchy, where there are both versions.
      for (Path hierarchy : HIERARCHIES) {
        for (String below : List.of("payload", "supervisor", "")) {
          Path group = hierarchy.resolve(scope.getFileName()).resolve(below);
          Child.eventually()
              .ignoreExceptions()
              .until(() -> Files.deleteIfExists(group) || !Files.exists(group));
        }
      }
    }
  }

  private static Path hierarchy() {
    for (Path root : HIERARCHIES) {
      if (Files.isWritable(root.resolve("cgroup.procs"))) {
        return root;
      }
    }
    assumeTrue(false, "this host lets nobody make a control group");
    throw new AssertionError();
  }

  @Test
  void bubblewrapIsTold() {
    Needs.tool("bwrap");
    try (Child watch = watch()) {
      run(
          watch,
          "bwrap",
          "--ro-bind",
          root.toString(),
          "/",
          "--proc",
          "/proc",
          "--dev",
          "/dev",
          "--unshare-all",
          "/bin/sleep",
          "0.5");
      awaitLives(watch, OWN, of("bwrap").or(of("sleep")));
    }
  }

  @Test
  void chromiumsSandboxIsTold() throws IOException {
    Needs.tool("chromium");
    Needs.tool("setpriv");
    // Its sandbox is not for root.
    Result probe = Nobody.run("unshare", "-Urn", "true");
    assumeTrue(probe.code() == 0, () -> "nobody may make no namespaces here: " + probe.err());
    Path home = Files.createDirectory(directory.resolve("home"));
    Nsmon.shell("chmod 755 " + directory + " && chown " + NOBODY + " " + home).endedWith(0);
    try (Child watch = watch()) {
      run(
          watch,
          "setpriv",
          "--reuid=" + NOBODY,
          "--regid=" + NOBODY,
          "--clear-groups",
          "env",
          "HOME=" + home,
          "chromium",
          "--headless",
          "--disable-gpu",
          "--user-data-dir=" + home.resolve("profile"),
          "--dump-dom",
          "about:blank");
      awaitLives(watch, Set.of("net", "pid", "user"), of("chromium"));
    }
  }
}
