package dev.nsmon.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A terminal gets colours and lines that fit, a pipe gets neither.
final class TerminalIT {
  private static final String ESC = "\u001b";

  /// A process whose command line is longer than a terminal is wide.
  private static Child sleep;

  @BeforeAll
  static void startSleep() {
    Needs.root();
    Needs.tool("unshare");
    Needs.tool("script");
    String zeros = "0 ".repeat(100).strip();
    String[] command = ("unshare -u sleep 300 " + zeros).split(" ", -1);
    sleep = Child.start(command).awaitComm("sleep");
  }

  @AfterAll
  static void endSleep() {
    if (sleep != null) {
      sleep.end();
    }
  }

  /// Runs nsmon on a terminal of 80 columns.
  private static Result onTerminal(Map<String, String> environment, String args) {
    String line = "stty cols 80 rows 24 && exec \"$NSMON\" " + args + " 2>/dev/null";
    ProcessBuilder builder = Nsmon.command("script", "-qec", line, "/dev/null");
    builder.environment().putAll(environment);
    builder.redirectInput(new File("/dev/null"));
    return Child.start(builder).result();
  }

  @ParameterizedTest
  @ValueSource(strings = {"list", "tree", "watch --baseline --duration 200ms"})
  void aTerminalGetsColours(String command) {
    Result result = onTerminal(Map.of(), command).endedWith(0);
    assertTrue(result.out().contains(ESC + "["), result::toString);
  }

  @ParameterizedTest
  @Tag("full")
  @CsvSource({
    "NO_COLOR, 1,     list",
    "NO_COLOR, 1,     tree",
    "NO_COLOR, 1,     watch --baseline --duration 200ms",
    "NO_COLOR, 1,     doctor",
    "NO_COLOR, 1,     --help",
    "TERM,     dumb,  list",
    "TERM,     xterm, list --color never",
    "TERM,     xterm, watch --baseline --duration 200ms --color never",
    "TERM,     xterm, watch --baseline --duration 200ms -o json",
  })
  void aTerminalGetsNoneIfItWantsNone(String variable, String value, String command) {
    Result result = onTerminal(Map.of(variable, value), command);
    assertFalse(result.out().isEmpty());
    assertFalse(result.out().contains(ESC), result::toString);
  }

  @Test
  void helpIsColouredOnlyWhereStdoutIsTheTerminal() {
    assertTrue(onTerminal(Map.of(), "list --help").out().contains(ESC));
    ProcessBuilder piped =
        Nsmon.command("script", "-qec", "\"$NSMON\" list --help | cat", "/dev/null");
    piped.redirectInput(new File("/dev/null"));
    assertFalse(Child.start(piped).result().out().contains(ESC));
  }

  @Test
  @Tag("full")
  void anEmptyNoColorIsNotSet() {
    assertTrue(onTerminal(Map.of("NO_COLOR", ""), "list").out().contains(ESC));
  }

  @Test
  void aPipeGetsColoursOnlyIfItIsToldTo() {
    assertFalse(Nsmon.run("list").out().contains(ESC));
    assertTrue(Nsmon.run("list", "--color", "always").out().contains(ESC));
  }

  @ParameterizedTest
  @Tag("full")
  @ValueSource(strings = {"list", "tree --type uts"})
  void linesAreCutAtTheEdgeOfTheTerminalAndNotInAPipe(String command) {
    String args = command + " --color never";
    List<String> cut = onTerminal(Map.of(), args).endedWith(0).lines();
    assertEquals(80, cut.stream().mapToInt(String::length).max().orElse(0), cut::toString);

    Result whole = Nsmon.run(args.split(" ", -1)).endedWith(0);
    String zeros = "sleep 300" + " 0".repeat(100);
    assertTrue(whole.out().contains(zeros + "\n"), whole::toString);
  }

  @Test
  @Tag("full")
  void aColouredHeadingIsCutBetweenCharactersAndItsColourEnds() {
    List<String> cut = onTerminal(Map.of(), "list").endedWith(0).lines();
    String heading = cut.getFirst();
    assertTrue(heading.startsWith(ESC + "[1m") && heading.endsWith(ESC + "[0m"), heading);
    assertTrue(Stream.of("NS", "TYPE", "NPROCS").allMatch(heading::contains), heading);
  }
}
