package dev.nsmon.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.nsmon.testing.Differences;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A monitor that does not run while the kernel's buffers overrun says so once, and then knows all
/// that is so.
@Tag("full")
final class PushLossIT {
  /// The program that raises loads for the live tests of the core.
  private static final Path SOURCE =
      Path.of("../monitor-core/src/test/c/burst.c").toAbsolutePath().normalize();

  /// Two rings of 4 MiB hold some 40,000 forks.
  private static final int FORKS = 100_000;

  @TempDir private static Path directory;
  private static Path burst;

  @BeforeAll
  static void compile() {
    Needs.root();
    Needs.tool("unshare");
    Needs.tool("gcc");
    assumeTrue(Files.exists(SOURCE), "the sources of the core are not beside these");
    burst = directory.resolve("burst");
    Child.start("gcc", "-O1", "-o", burst.toString(), SOURCE.toString()).result().endedWith(0);
  }

  @Test
  void anOverrunIsOneRecordAndTheStateIsRightAfterIt() {
    try (Child before = Child.start("unshare", "-u", "sleep", "300").awaitComm("sleep");
        Child watch = Nsmon.watch("-o", "json", "--baseline", "--source", "perf")) {
      assumeTrue(watch.err().contains("source: perf"), () -> "not granted here: " + watch.err());
      watch.signal("STOP");
      Child.eventually().until(() -> state(watch) == 'T');
      before.end();
      Result forks = Child.start(burst.toString(), "fork", "" + FORKS, "0").result();
      assertEquals("made " + FORKS + "\n", forks.out());
      try (Child net = Child.start("unshare", "-n", "sleep", "300").awaitComm("sleep");
          Child pid = Child.start("unshare", "-pf", "--kill-child", "sleep", "300");
          Child mixed = Child.start(burst.toString(), "mixed", "100", "1000")) {
        mixed.result().endedWith(0);
        watch.signal("CONT");
        watch.awaitLine(line -> isAbout(line, "process-joined", net));
        watch.awaitLine(line -> isAbout(line, "process-left", before));
        Differences.awaitNone(Child.eventually(), () -> differences(watch), () -> "");
        // The kernel's counts are read with the records: what these came with has been said.
        for (int later = 0; later < 3; later++) {
          try (Child one = Child.start("unshare", "-u", "true")) {
            one.result().endedWith(0);
            watch.awaitLine(line -> isAbout(line, "process-left", one));
          }
        }
        assertEquals(1, lost(Nsmon.json(watch.lines())).size());
        assertTrue(ProcessHandle.of(pid.pid()).isPresent(), "its namespace was to be alive");
      }
      List<JsonNode> records = Nsmon.json(watch.lines());
      JsonNode lost = lost(records).getFirst();
      assertEquals("kernel", lost.get("where").asText(), lost::toString);
      assertEquals("perf", lost.get("source").asText(), lost::toString);
      assertTrue(lost.get("count").asLong() > 0, lost::toString);
      assertTrue(lost.get("count").asLong() < 8L * FORKS, lost::toString);
      long seq = 1;
      for (JsonNode one : records) {
        assertEquals(seq++, one.get("seq").asLong(), one::toString);
      }
    }
  }

  private static boolean isAbout(String line, String kind, Child child) {
    JsonNode one = Nsmon.json(line);
    return one.get("kind").asText().equals(kind) && one.at("/process/pid").asInt() == child.pid();
  }

  private static List<JsonNode> lost(List<JsonNode> records) {
    return records.stream().filter(one -> one.get("kind").asText().equals("events-lost")).toList();
  }

  private static Set<String> differences(Child watch) {
    List<JsonNode> list = Nsmon.json(Nsmon.run("list", "-o", "json").endedWith(0).lines());
    return Folding.differences(
        Folding.countsOf(list), Folding.of(Nsmon.json(watch.lines())).counts());
  }

  /// The letter behind the comm in `/proc/PID/stat`.
  private static char state(Child child) throws Exception {
    String stat = Files.readString(Path.of("/proc/" + child.pid() + "/stat"));
    return stat.charAt(stat.lastIndexOf(')') + 2);
  }
}
