package dev.nsmon.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// `nsmon watch` says whom it hears of changes from, and where it must do with less, why.
final class SourceIT {
  @BeforeAll
  static void needs() {
    Needs.root();
    Needs.tool("unshare");
  }

  /// What it says about its source, started by this command, if any.
  private static String said(String within, String... options) {
    List<String> command =
        Stream.of(
                Stream.of(within.split(" ", -1)).filter(word -> !word.isEmpty()),
                Stream.of(Nsmon.program(), "watch", "--duration", "500ms"),
                Stream.of(options))
            .flatMap(words -> words)
            .toList();
    Result result = Child.start(Nsmon.command(command.toArray(String[]::new))).result();
    assumeTrue(!result.err().startsWith("unshare: "), result::err);
    result.endedWith(0);
    assertTrue(result.out().contains("synced"), result::toString);
    assertFalse(result.err().contains("bug"), result::err);
    return String.join(
        "\n", result.err().lines().filter(line -> line.startsWith("nsmon: source: ")).toList());
  }

  @ParameterizedTest
  @CsvSource({
    "auto, perf, perf",
    "perf, perf, perf",
    "proc-connector, proc-connector, proc-connector"
  })
  void theSourceThatIsUsedIsSaidAndTellsOfChanges(String asked, String used, String source) {
    try (Child watch = Nsmon.watch("--source", asked, "-o", "json")) {
      Child.eventually().until(() -> watch.err().contains("nsmon: source: "));
      assumeTrue(!watch.err().contains("source: poll"), watch::err);
      assertTrue(
          watch.err().contains("nsmon: source: " + used + ", compared with /proc every 30 s\n"),
          watch::err);
      try (Child sleep = Child.start("unshare", "-u", "sleep", "300").awaitComm("sleep")) {
        String line =
            watch.awaitLine(
                text -> text.contains("process-joined") && text.contains(":" + sleep.pid() + ","));
        assertEquals(source, Nsmon.json(line).get("source").asText());
        if (source.equals("perf")) {
          assertEquals("unshare", Nsmon.json(line).at("/process/cause").asText());
        }
      }
    }
  }

  @Test
  void whoAsksForThePollIsToldNothingAboutIt() {
    try (Child watch = Nsmon.watch("--source", "poll", "-o", "json");
        Child sleep = Child.start("unshare", "-u", "sleep", "300").awaitComm("sleep")) {
      JsonNode joined =
          Nsmon.json(
              watch.awaitLine(
                  line ->
                      line.contains("process-joined") && line.contains(":" + sleep.pid() + ",")));
      assertEquals("poll", joined.get("source").asText());
      assertFalse(watch.err().contains("source"), watch::err);
    }
  }

  @ParameterizedTest
  @Tag("full")
  @ValueSource(strings = {"auto", "perf", "proc-connector"})
  void inAChildPidNamespaceItPollsAndSaysWhy(String source) {
    polls(said("unshare -pf --mount-proc", "--source", source), source, "child pid namespace");
  }

  @ParameterizedTest
  @Tag("full")
  @ValueSource(strings = {"auto", "perf", "proc-connector"})
  void inAChildUserNamespaceItPollsAndSaysWhy(String source) {
    polls(said("unshare -Ur", "--source", source), source, "user namespace");
  }

  private static void polls(String said, String source, String why) {
    assertTrue(said.startsWith("nsmon: source: poll every 1 s ("), said);
    assertTrue(said.contains(why), said);
    assertEquals(!source.equals("proc-connector"), said.contains("perf: "), said);
    assertEquals(!source.equals("perf"), said.contains("proc-connector: "), said);
  }

  @ParameterizedTest
  @Tag("full")
  @CsvSource({"auto, perf", "perf, perf", "proc-connector, poll"})
  void inAChildNetworkNamespacePerfStillWorksAndTheConnectorDoesNot(String asked, String used) {
    String said = said("unshare -n", "--source", asked);
    assumeTrue(
        said("", "--source", "perf").contains("source: perf"), "perf records are not granted");
    assertTrue(said.startsWith("nsmon: source: " + used), said);
    assertEquals(used.equals("poll"), said.contains("child net namespace"), said);
  }

  @Test
  @Tag("full")
  void inAChildTimeNamespaceTheClockOfPerfRecordsIsNotItsOwn() {
    String said = said("unshare -Tf");
    assertTrue(said.contains("child time namespace"), said);
    assertFalse(said.startsWith("nsmon: source: perf"), said);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "--source nonsense  | 'nonsense' is no source: one of auto, perf, proc-connector, poll",
        "--source PERF      | 'PERF' is no source: one of auto, perf, proc-connector, poll",
        "--source ''        | '' is no source: one of auto, perf, proc-connector, poll",
        "--reconcile 99ms   | --reconcile goes from 100ms to 1h, and 99ms is outside",
        "--reconcile 2h     | --reconcile goes from 100ms to 1h, and 7200000ms is outside",
        "--reconcile never  | 'never' is no duration"
      })
  void whatCannotBeIsAnsweredInOneLineByWhatCouldBe(String options, String answer) {
    String[] args = ("watch --duration 100ms " + options).replace("''", "").split(" ", -1);
    Result result = Refusals.run(args).endedWith(2);
    assertEquals("", result.out());
    assertTrue(result.err().lines().findFirst().orElseThrow().contains(answer), result.err());
    assertTrue(result.err().lines().count() <= 2, result.err());
  }

  @ParameterizedTest
  @Tag("full")
  @ValueSource(strings = {"100ms", "1h"})
  void theEndsOfTheRangeArePartOfIt(String time) {
    Nsmon.run("watch", "--duration", "100ms", "--reconcile", time).endedWith(0);
  }
}
