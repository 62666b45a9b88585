package dev.nsmon.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// With no more than its source needs, as README has it, nsmon tells what root is told.
@Tag("full")
class PrivilegesIT {
  private static final List<String> LINKS = List.of("uts", "net", "ipc", "mnt", "user");

  @TempDir private static Path directory;

  @BeforeAll
  static void needs() {
    Needs.root();
    Needs.tool("setpriv");
    Needs.tool("unshare");
  }

  @ParameterizedTest
  @CsvSource({
    "poll,           CAP_SYS_PTRACE",
    "proc-connector, CAP_SYS_PTRACE CAP_SYS_NICE",
    "perf,           CAP_SYS_PTRACE CAP_PERFMON",
  })
  void tellsWhatRootIsTold(String source, String capabilities) throws IOException {
    Granted granted = Granted.with(directory, capabilities.split(" ", -1));
    String[] watch = {"watch", "--source", source, "-o", "json"};
    try (Child own = granted.start(watch);
        Child root = Nsmon.start(watch)) {
      for (Child one : List.of(own, root)) {
        one.awaitLine(line -> line.contains("\"synced\""));
        if (!source.equals("poll")) {
          Child.eventually().until(() -> one.err().contains("nsmon: source: " + source));
        }
      }
      Child sleeper = Child.start("unshare", "-Urmuin", "sleep", "300");
      Set<String> inodes;
      try (sleeper) {
        sleeper.awaitComm("sleep");
        inodes =
            LINKS.stream()
                .map(link -> sleeper.namespace(link).replaceAll("[^0-9]", ""))
                .collect(Collectors.toSet());
        await(own, root, inodes, "process-joined", sleeper.pid());
      }
      await(own, root, inodes, "process-left", sleeper.pid());
    }
  }

  /// Waits until root was told that, and both the same.
  private static void await(Child own, Child root, Set<String> inodes, String kind, int pid) {
    Child.eventually()
        .untilAsserted(
            () -> {
              Set<String> told = told(root, inodes, pid);
              long last = told.stream().filter(one -> one.startsWith(kind + " " + pid)).count();
              assertTrue(last >= 1, told::toString);
              assertEquals(told, told(own, inodes, pid), () -> own.err());
            });
  }

  /// The events of this process and these namespaces, without times and without the end of
  /// namespaces: a monitor without privileges reports an end later.
  private static Set<String> told(Child watch, Set<String> inodes, int pid) {
    Set<String> told = new TreeSet<>();
    for (JsonNode one : Nsmon.json(watch.lines())) {
      // Its inodes may have been another's before.
      if (one.at("/process/pid").asInt() != pid) {
        continue;
      }
      String kind = one.get("kind").asText();
      Set<String> keys = new TreeSet<>();
      JsonNode namespaces = one.has("namespace") ? one.get("namespace") : one.path("namespaces");
      for (JsonNode namespace : namespaces.findParents("inode")) {
        if (inodes.contains(namespace.get("inode").asText())) {
          keys.add(namespace.get("key").asText());
        }
      }
      if (!keys.isEmpty() && !kind.equals("namespace-destroyed")) {
        told.add(
            kind
                + " "
                + one.at("/process/pid").asText()
                + " "
                + keys
                + " "
                + one.at("/process/cause").asText());
      }
    }
    return told;
  }
}
