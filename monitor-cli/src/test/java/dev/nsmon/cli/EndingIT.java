package dev.nsmon.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// `nsmon watch` ends when it should, at once, with the right exit code and whole lines.
final class EndingIT {
  private static final Duration AT_ONCE = Duration.ofSeconds(2);

  @BeforeAll
  static void needs() {
    Needs.tool("bash");
  }

  @ParameterizedTest
  @CsvSource({"TERM, 143, text", "TERM, 143, json", "INT, 130, text"})
  void aSignalEndsItAtOnceWithAWholeLine(String signal, int code, String format) {
    // A shell that runs the tests in the background would hand on an ignored SIGINT.
    try (Child watch =
        Child.start(
            Nsmon.command(
                "env",
                "--default-signal=INT,TERM",
                Nsmon.program(),
                "watch",
                "--baseline",
                "--include-initial",
                "-o",
                format))) {
      watch.awaitLine(line -> line.contains("synced"));
      watch.signal(signal);
      assertTrue(watch.hasEndedWithin(AT_ONCE));
      Result result = watch.result().endedWith(code);
      assertTrue(result.out().endsWith("\n"), result::toString);
      assertTrue(result.err().lines().allMatch(line -> line.startsWith("nsmon: ")), result.err());
    }
  }

  @Test
  void countEndsItAfterSoManyEvents() {
    Result result = Nsmon.run("watch", "--baseline", "--count", "3").endedWith(0);
    assertEquals(3, result.lines().size(), result::toString);
  }

  @Test
  @Tag("full")
  void countEndsItWithTheLastEventOfALiveNamespace() {
    Needs.root();
    Needs.tool("unshare");
    try (Child sleep = Child.start("unshare", "-u", "sleep", "300").awaitComm("sleep");
        Child watch = Nsmon.watch("--ns", sleep.namespace("uts"), "--count", "2")) {
      sleep.end();
      Result result = watch.result().endedWith(0);
      assertEquals(3, result.lines().size(), "control records do not count: " + result);
      assertTrue(result.lines().get(1).contains(" left "), result::toString);
      assertTrue(result.lines().get(2).contains(" destroyed "), result::toString);
    }
  }

  @Test
  void durationEndsIt() {
    Result result = Nsmon.run("watch", "--duration", "300ms").endedWith(0);
    assertTrue(result.lines().getFirst().contains(" synced "), result::toString);
  }

  @ParameterizedTest
  @Tag("full")
  @ValueSource(strings = {"watch | head -1", "watch --baseline | true", "list | head -1"})
  void aReaderThatHasEnoughIsNoFailureEvenThoughNothingHappens(String pipe) {
    Result result = Nsmon.shell("\"$NSMON\" " + pipe + " >/dev/null; echo ${PIPESTATUS[0]}");
    assertEquals("0\n", result.out(), result::toString);
    assertTrue(
        result
            .err()
            .lines()
            .allMatch(
                line ->
                    line.contains("processes can't be read") || line.contains("nsmon: source: ")),
        result.err());
  }

  @ParameterizedTest
  @Tag("full")
  @ValueSource(
      strings = {
        "watch",
        "watch --baseline -o json",
        "list",
        "tree",
        "doctor",
        "completion",
        "-V",
        "list -h"
      })
  void aFullDeviceIsAFailureInOneLine(String command) {
    Result result = Nsmon.shell("\"$NSMON\" " + command + " >/dev/full").endedWith(1);
    assertEquals(
        1,
        result.err().lines().filter(line -> line.contains("No space left on device")).count(),
        result.err());
    assertTrue(result.err().contains("nsmon: can't write to stdout: No space left"), result.err());
  }

  @ParameterizedTest
  @Tag("full")
  @ValueSource(strings = {"watch", "list -o json"})
  void aClosedStdoutIsAFailureInOneLine(String command) {
    Result result = Nsmon.shell("\"$NSMON\" " + command + " >&-").endedWith(1);
    assertTrue(
        result.err().contains("nsmon: can't write to stdout: Bad file descriptor"), result.err());
  }
}
