package dev.nsmon.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.nsmon.testing.Differences;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The systemd unit as systemd's own tools judge it, and what nsmon sees with just the capabilities
/// that it grants.
class ServiceUnitIT {
  private static final Path UNIT = Path.of("../deploy/systemd/nsmon.service");

  @TempDir private static Path directory;

  @BeforeAll
  static void needs() {
    Needs.root();
    Needs.tool("setpriv");
    Needs.tool("unshare");
  }

  /// The values of a setting.
  private static String[] setting(String name) throws IOException {
    return Files.readAllLines(UNIT).stream()
        .filter(line -> line.startsWith(name + "="))
        .findFirst()
        .orElseThrow()
        .substring(name.length() + 1)
        .split(" ", -1);
  }

  @Test
  void systemdFindsNoFault() throws IOException {
    Needs.tool("systemd-analyze");
    Path copy = directory.resolve("nsmon.service");
    // It looks for the program that it starts.
    Files.writeString(copy, Files.readString(UNIT).replace("/usr/bin/nsmon", Nsmon.program()));
    Result verify = Child.start("systemd-analyze", "verify", "--man=no", "" + copy).result();
    assertEquals("", verify.err() + verify.out());
    verify.endedWith(0);
    // 0 is safe, 100 is not; what is left is explained in deploy/README.md.
    Child.start("systemd-analyze", "security", "--offline=true", "--threshold=30", "" + copy)
        .result()
        .endedWith(0);
  }

  @Test
  void grantsNothingThatItDoesNotBound() throws IOException {
    assertEquals(
        List.of(setting("AmbientCapabilities")), List.of(setting("CapabilityBoundingSet")));
  }

  /// What does not depend on the moment.
  private static Set<String> shown(Result list) {
    Set<String> shown = new TreeSet<>();
    for (JsonNode one : Nsmon.json(list.endedWith(0).lines())) {
      shown.add(
          "%s:%s %s %s%s"
              .formatted(
                  one.get("type").asText(),
                  one.get("inode").asText(),
                  one.path("id").asText(),
                  one.path("owner").asText(),
                  one.path("parent").asText()));
    }
    return shown;
  }

  /// What only one of the two is shown: root, and the service's user.
  private static Set<String> differences(Granted granted) {
    Set<String> root = shown(Nsmon.run("list", "-o", "json"));
    assertTrue(root.size() > 12, root::toString);
    try (Child list = granted.start("list", "-o", "json")) {
      Set<String> user = shown(list.result());
      Set<String> differing = new TreeSet<>(root);
      differing.addAll(user);
      root.retainAll(user);
      differing.removeAll(root);
      return differing;
    }
  }

  @Test
  @Tag("full")
  void withPtraceAloneAPollSeesWhatRootSees() throws IOException {
    Granted granted = Granted.with(directory, "CAP_SYS_PTRACE");
    try (Child sleeper =
        Child.start(
            "unshare", "-UrpfmuinC", "sh", "-c", "unshare -T --fork sleep 60 & exec sleep 60")) {
      sleeper.awaitComm("unshare");
      Differences.awaitNone(Child.eventually(), () -> differences(granted), () -> "");
    }
  }

  @Test
  void withWhatTheUnitGrantsNothingIsTooShortAndEachEndIsTold() throws IOException {
    Granted granted = Granted.with(directory, setting("AmbientCapabilities"));
    try (Child watch = granted.start("watch", "--source", "perf", "-o", "json")) {
      watch.awaitLine(line -> line.contains("\"synced\""));
      Child.start("unshare", "--net", "--uts", "true").result().endedWith(0);
      for (String kind : List.of("created", "destroyed")) {
        for (String type : List.of("net", "uts")) {
          watch.awaitLine(
              line ->
                  line.contains("\"kind\":\"namespace-" + kind)
                      && line.contains("\"" + type + "\""));
        }
      }
      assertTrue(watch.err().contains("nsmon: source: perf"), watch::err);
    }
  }
}
