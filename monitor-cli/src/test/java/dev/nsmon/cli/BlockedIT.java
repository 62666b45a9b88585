package dev.nsmon.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// A pipe that nobody reads holds up neither the monitor nor its end, and hides no loss.
@Tag("full")
final class BlockedIT {
  private static final int PIPE_IS_FULL = 60_000;

  /// So many processes that their baseline does not fit into a pipe.
  private static Child crowd;

  @BeforeAll
  static void startCrowd() {
    Needs.root();
    Needs.tool("unshare");
    crowd = Child.start("bash", "-c", "for i in {1..100}; do sleep 300 & done; echo all; wait");
    crowd.awaitLine("all"::equals);
  }

  @AfterAll
  static void endCrowd() {
    if (crowd != null) {
      crowd.close();
    }
  }

  private static Child watchIntoAPipeThatNobodyReads(String... more) {
    List<String> args = new ArrayList<>(List.of("watch", "--interval", "100ms", "-o", "json"));
    args.addAll(List.of("--baseline", "--include-initial", "--source", "poll"));
    args.addAll(List.of(more));
    Child watch = Child.unread(Nsmon.nsmon(args.toArray(String[]::new)));
    Child.eventually().until(() -> watch.unreadBytes() > PIPE_IS_FULL);
    return watch;
  }

  @Test
  void sigtermStillEndsItAtOnce() {
    try (Child watch = watchIntoAPipeThatNobodyReads()) {
      watch.signal("TERM");
      Child.eventually().until(() -> watch.hasEndedWithin(Duration.ZERO));
      watch.read();
      watch.result().endedWith(143);
    }
  }

  @Test
  void theEndOfItsTimeWaitsForTheReader() {
    try (Child watch = watchIntoAPipeThatNobodyReads("--duration", "100ms")) {
      assertFalse(watch.hasEndedWithin(Duration.ofSeconds(4)), "with most of it unwritten");
      watch.read();
      Result result = watch.result().endedWith(0);
      assertTrue(result.out().endsWith("\n") && result.out().contains("synced"));
    }
  }

  @Test
  void looksGoOnAndTheReaderGetsAllOrIsToldWhatItMissed() {
    try (Child watch = watchIntoAPipeThatNobodyReads();
        Child sleep = Child.start("unshare", "-u", "sleep", "300").awaitComm("sleep")) {
      awaitLooks(watch, 3);
      sleep.end();
      awaitLooks(watch, 3);
      watch.read();
      watch.awaitLine(line -> line.contains("-destroyed") && line.contains(":" + sleep.pid()));

      List<JsonNode> records = Nsmon.json(watch.lines());
      long seq = 1;
      for (JsonNode one : records) {
        if (one.path("where").asText().equals("log")) {
          assertEquals(seq, one.get("first").asLong(), one::toString);
          seq = one.get("last").asLong();
        }
        assertEquals(seq++, one.get("seq").asLong(), one::toString);
      }
      List<String> kinds =
          records.stream()
              .filter(one -> one.at("/process/pid").asInt() == sleep.pid())
              .map(one -> one.get("kind").asText())
              .toList();
      assertEquals(
          List.of("namespace-created", "process-joined", "process-left", "namespace-destroyed"),
          kinds);
    }
  }

  /// Waits until the monitor has looked that often, and not much longer: it waits once between two
  /// looks, and up to four times when it visits a CPU to count who was born.
  private static void awaitLooks(Child watch, int count) {
    long most = 2 + 4L * Runtime.getRuntime().availableProcessors();
    long before = waits(watch);
    Child.eventually().until(() -> waits(watch) >= before + count * most);
  }

  private static long waits(Child watch) {
    try (DirectoryStream<Path> threads =
        Files.newDirectoryStream(Path.of("/proc/" + watch.pid() + "/task"))) {
      for (Path thread : threads) {
        if (Files.readString(thread.resolve("comm")).equals("monitor\n")) {
          String label = "voluntary_ctxt_switches:\t";
          return Files.readAllLines(thread.resolve("status")).stream()
              .filter(line -> line.startsWith(label))
              .mapToLong(line -> Long.parseLong(line.substring(label.length())))
              .sum();
        }
      }
      throw new AssertionError("it has no thread named monitor");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
