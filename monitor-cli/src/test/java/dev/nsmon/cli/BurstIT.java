package dev.nsmon.cli;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the kernel has kept while the monitor did not run is reported whole, though it is more than
/// the monitor's memory has room for.
@Tag("full")
final class BurstIT {
  private static final Path SOURCE =
      Path.of("../monitor-core/src/test/c/burst.c").toAbsolutePath().normalize();

  /// 40,000 events, of which memory holds some 16,000, and a fourth of what the rings hold.
  private static final int LIVES = 10_000;

  @TempDir private static Path programs;
  @TempDir private Path directory;
  private static Path burst;

  @BeforeAll
  static void compile() {
    Needs.root();
    Needs.tool("gcc");
    assumeTrue(Files.exists(SOURCE), "the sources of the core are not beside these");
    burst = programs.resolve("burst");
    Child.start("gcc", "-O1", "-o", burst.toString(), SOURCE.toString()).result().endedWith(0);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void nothingIsLostWhenItGoesOn(boolean withJournal) throws IOException {
    Path file = directory.resolve("events.json");
    String journal = withJournal ? directory.resolve("journal.db").toString() : "none";
    List<String> options =
        List.of("serve", "--source", "perf", "--journal", journal, "--file", file.toString());
    try (Child serve = Nsmon.start(options.toArray(String[]::new))) {
      await().until(() -> serve.err().contains("source: "));
      assumeTrue(serve.err().contains("source: perf"), () -> "not granted here: " + serve.err());
      await()
          .until(
              () -> Nsmon.wholeLines(file).stream().anyMatch(line -> line.contains("\"synced\"")));
      serve.signal("STOP");
      Child lives = Child.start(burst.toString(), "clone", "" + LIVES, "0");
      assertEquals("made " + LIVES + "\n", lives.result().out());
      serve.signal("CONT");
      await()
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(
              () -> assertEquals(LIVES, ended(Nsmon.wholeLines(file), lives.pid()).size()));
      List<String> all = Nsmon.wholeLines(file);
      assertEquals(List.of(), all.stream().filter(line -> line.contains("events-lost")).toList());
      long seq = 1;
      for (JsonNode one : Nsmon.json(all)) {
        assertEquals(seq++, one.get("seq").asLong(), one::toString);
      }
    }
  }

  /// The namespaces that are gone of those that children of this process made.
  private static List<String> ended(List<String> lines, int parent) {
    Set<String> keys = new HashSet<>();
    List<String> destroyed = new ArrayList<>();
    for (JsonNode one : Nsmon.json(lines)) {
      String kind = one.get("kind").asText();
      // Of a process that is gone one of the two may not be known.
      if (kind.equals("namespace-created")
          && (one.at("/process/ppid").asInt() == parent
              || one.at("/process/comm").asText().equals("burst"))) {
        keys.add(one.at("/namespace/key").asText());
      } else if (kind.equals("namespace-destroyed")) {
        destroyed.add(one.at("/namespace/key").asText());
      }
    }
    destroyed.retainAll(keys);
    return destroyed;
  }
}
