package dev.nsmon.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/// A process belongs to the container that its control group names, and can be watched by it.
@ResourceLock("containers")
final class ContainerFilterIT {
  private static final String NAME = "nsmon-test-" + ProcessHandle.current().pid();

  private Path group;
  private Child inside;
  private Child outside;

  @AfterEach
  void end() throws IOException {
    for (Child child : new Child[] {inside, outside}) {
      if (child != null) {
        child.close();
      }
    }
    if (group != null) {
      Child.eventually().ignoreExceptions().until(() -> Files.deleteIfExists(group));
    }
  }

  @Test
  void onlyProcessesOfTheContainerAreTold() throws IOException {
    Needs.root();
    Needs.tool("unshare");
    group = group();
    String join = "echo $$ >" + group + "/cgroup.procs; exec unshare -u sleep 300";
    inside = Child.start("sh", "-c", join).awaitComm("sleep");
    outside = Child.start("unshare", "-u", "sleep", "300").awaitComm("sleep");

    assertEquals(List.of(inside.pid()), pids("--container", NAME));
    assertEquals(List.of(inside.pid()), pids("--container", "lxc:" + NAME));
    assertEquals(List.of(), pids("--container", NAME + "2"));
    assertEquals(List.of(), pids("--container", NAME, "--pid", "" + outside.pid()));
  }

  private static List<Integer> pids(String... filter) {
    String[] options = {
      "watch", "--baseline", "-o", "json", "--event", "process-joined", "--duration", "200ms"
    };
    return Nsmon.json(
            Nsmon.run(Stream.of(options, filter).flatMap(Stream::of).toArray(String[]::new))
                .endedWith(0)
                .lines())
        .stream()
        .filter(one -> one.get("source").asText().equals("baseline"))
        .map((JsonNode one) -> one.at("/process/pid"))
        .filter(pid -> !pid.isMissingNode())
        .map(JsonNode::asInt)
        .toList();
  }

  /// A control group as LXC makes it, in version 2 or in systemd's hierarchy of version 1.
  private static Path group() throws IOException {
    for (String root : List.of("/sys/fs/cgroup", "/sys/fs/cgroup/systemd")) {
      if (Files.isWritable(Path.of(root, "cgroup.procs"))) {
        return Files.createDirectory(Path.of(root, "lxc.payload." + NAME));
      }
    }
    assumeTrue(false, "this host lets nobody make a control group");
    throw new AssertionError();
  }
}
