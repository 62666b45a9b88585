package dev.nsmon.deploy;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.nsmon.testing.Ran;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The image that `deploy/Containerfile` makes, run with what the DaemonSet grants, and asked what
/// its probes ask. Debian's image is not to be had here: what the image needs of it is copied from
/// this machine.
@Tag("full")
class ContainerIT {
  private static final String TOKEN = "an-open-secret-of-a-test";

  private static final String BASE =
      """
      set -e
      mkdir -p $1/bin $1/etc $1/var/lib $1/tmp
      cp /bin/busybox $1/bin/
      for tool in sh readlink; do ln -s busybox $1/bin/$tool; done
      ldd $2/runtime/bin/java $2/runtime/lib/server/libjvm.so | tr ' \\t' '\\n\\n' |
        grep '^/lib.*[^:]$' | sort -u |
        while read -r library; do
          mkdir -p $1${library%/*}
          cp -L $library $1$library
        done
      tar -C $1 -cf $1.tar .
      """;

  @TempDir private static Path directory;

  private static Path image() {
    return Path.of(System.getProperty("nsmon.image")).toAbsolutePath();
  }

  private static List<String> podman(String... args) {
    List<String> command =
        new ArrayList<>(
            List.of("podman", "--root", directory.resolve("store").toString(), "--runroot"));
    command.addAll(List.of(directory.resolve("run").toString(), "--tmpdir", directory + "/podman"));
    command.addAll(List.of("--runtime", "runc", "--cgroup-manager", "cgroupfs"));
    command.addAll(List.of("--storage-driver", "vfs"));
    command.addAll(List.of(args));
    return command;
  }

  @BeforeAll
  static void build() throws IOException, InterruptedException {
    assumeTrue(Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0), "not root");
    Ran.needs("podman");
    Ran.needs("runc");
    assumeTrue(Files.isExecutable(Path.of("/bin/busybox")), "there is no busybox");
    String base = directory.resolve("base").toString();
    Ran.of("sh", "-c", BASE, "sh", base, image().toString()).well();
    Ran.of(podman("import", base + ".tar", "localhost/debian:12-slim")).well();
    Ran.of(
            podman(
                "build",
                "--isolation=chroot",
                "--pull=never",
                "--layers=false",
                "--file=" + Deploy.path("Containerfile"),
                "--tag=nsmon:0.1.0",
                image().toString()))
        .well();
  }

  /// The container as the kubelet would start it, but in the network of the host.
  private static List<String> run(JsonNode container, Path token) {
    JsonNode context = container.get("securityContext");
    List<String> run = podman("run", "--rm", "--pid=host", "--network=host");
    // The limits that podman would set are above those of some machines.
    run.addAll(List.of("--ulimit=nofile=1024:1024", "--ulimit=nproc=1000:1000"));
    run.add("--user=" + context.get("runAsUser") + ":" + context.get("runAsGroup"));
    run.add("--read-only=" + context.get("readOnlyRootFilesystem"));
    run.add("--read-only-tmpfs=false");
    run.add(
        "--security-opt=no-new-privileges=" + !context.get("allowPrivilegeEscalation").asBoolean());
    // The profile of older podmans does not know CAP_PERFMON.
    run.add("--security-opt=seccomp=unconfined");
    context.at("/capabilities/drop").forEach(one -> run.add("--cap-drop=" + one.asText()));
    context.at("/capabilities/add").forEach(one -> run.add("--cap-add=" + one.asText()));
    for (JsonNode variable : container.get("env")) {
      run.add(
          "--env=" + variable.get("name").asText() + "=" + variable.path("value").asText("node-7"));
    }
    for (JsonNode mount : container.get("volumeMounts")) {
      String at = mount.get("mountPath").asText();
      switch (mount.get("name").asText()) {
        case "tmp" -> run.add("--tmpfs=" + at);
        case "journal" -> run.add("--volume=" + directory.resolve("journal") + ":" + at);
        case "token" -> run.add("--volume=" + token.getParent() + ":" + at + ":ro");
        case "machine-id" -> run.add("--volume=/etc/machine-id:" + at + ":ro");
        default -> throw new AssertionError(mount);
      }
    }
    run.add("nsmon:0.1.0");
    container.get("args").forEach(one -> run.add(one.asText().replace(":8470", ":0")));
    return run;
  }

  @Test
  void whatTheDaemonSetGrantsIsEnough() throws Exception {
    assumeTrue(Files.exists(Path.of("/etc/machine-id")), "this machine has no id");
    JsonNode container =
        Deploy.only("DaemonSet", KubernetesTest.base()).at("/spec/template/spec/containers/0");
    Path token = Files.createDirectory(directory.resolve("secret")).resolve("token");
    Files.writeString(token, TOKEN);
    Files.setPosixFilePermissions(token, PosixFilePermissions.fromString("r--------"));
    Files.createDirectory(directory.resolve("journal"));
    try (Serve serve = Serve.start(directory, run(container, token))) {
      String at = "http://127.0.0.1:" + serve.awaitPort();
      serve.awaitAnswer(at + container.at("/startupProbe/httpGet/path").asText(), 200);
      serve.awaitAnswer(at + container.at("/livenessProbe/httpGet/path").asText(), 200);
      serve.awaitAnswer(at + "/metrics", 401);
      assumeTrue(serve.said().contains("source: perf"), "perf is not granted: " + serve.said());
      String bearer = "Bearer " + TOKEN;
      String metrics = serve.awaitAnswer(at + "/metrics", 200, "Authorization", bearer).body();
      assertTrue(metrics.contains("nsmon_source_up{source=\"perf\"} 1.0"), serve.said());
      Ran.of("unshare", "--uts", "true").well();
      await().atMost(Duration.ofSeconds(30)).until(() -> history().contains("namespace-created"));
      JsonNode last = Deploy.json(history().lines().reduce((_, line) -> line).orElseThrow());
      assertEquals("node-7", last.at("/host/name").asText());
      assertEquals(
          Files.readString(Path.of("/etc/machine-id")).strip(), last.at("/host/id").asText());
    }
  }

  /// What the monitor in the container has written down, besides what there was at its start.
  private static String history() throws IOException, InterruptedException {
    String journal = directory.resolve("journal/journal.db").toString();
    String nsmon = image().resolve("bin/nsmon").toString();
    String all = Ran.of(nsmon, "history", "--journal=" + journal, "-o", "json").well().out();
    return String.join(
        "\n", all.lines().filter(line -> !line.contains("\"source\":\"baseline\"")).toList());
  }
}
