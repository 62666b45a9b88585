package dev.nsmon.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A process may call itself what it likes: it steers no terminal, forges no line, fools no parser.
final class HostileIT {
  /// Runs itself again under a command line, then takes a comm, of ESC, newline, the end of the
  /// name in `/proc/PID/stat`, a byte that is no UTF-8 and RIGHT-TO-LEFT OVERRIDE.
  private static final String SOURCE =
      """
      #define _GNU_SOURCE
      #include <sched.h>
      #include <stdio.h>
      #include <sys/prctl.h>
      #include <unistd.h>
      #define NAME "\\x1b[2J\\n) (\\xff\\xe2\\x80\\xaeZ"
      int main(int argc, char **argv) {
        if (argc == 1) return execl("/proc/self/exe", NAME, "\\r" NAME, (char *) 0);
        if (prctl(PR_SET_NAME, NAME) || unshare(CLONE_NEWUTS)) return 1;
        puts("ready");
        fflush(stdout);
        return getchar();
      }
      """;

  private static final String SHOWN = "\\x1b[2J\\n) (\ufffd\\u{202e}Z";

  @TempDir private static Path directory;
  private static Child hostile;
  private static String uts;

  @BeforeAll
  static void startHostile() throws IOException {
    Needs.root();
    Needs.tool("gcc");
    Path source = Files.writeString(directory.resolve("hostile.c"), SOURCE);
    String program = directory.resolve("hostile").toString();
    Child.start("gcc", "-o", program, source.toString()).result().endedWith(0);
    hostile = Child.start(program);
    hostile.awaitLine("ready"::equals);
    uts = hostile.namespace("uts");
  }

  @AfterAll
  static void endHostile() {
    if (hostile != null) {
      hostile.end();
    }
  }

  private static void assertPrints(Result result) {
    assertTrue(
        result.out().codePoints().allMatch(HostileIT::prints),
        () -> result.out().replaceAll("\\p{C}", "<$0>"));
  }

  private static boolean prints(int code) {
    int type = Character.getType(code);
    return code == '\n' || (type != Character.CONTROL && type != Character.FORMAT);
  }

  @Test
  void itsEventIsOneLineThatPrints() {
    Result result =
        Nsmon.run("watch", "--baseline", "--duration", "200ms", "--pid", "" + hostile.pid());
    assertPrints(result.endedWith(0));
    List<String> lines = result.lines();
    assertEquals(3, lines.size(), result::toString);
    assertTrue(lines.get(1).endsWith(" " + hostile.pid() + " " + SHOWN + " " + uts), lines.get(1));
  }

  @Test
  void itsRecordParsesAndHasItsNumbersFromTheRightFields() {
    Result result =
        Nsmon.run("watch", "--baseline", "--count", "2", "-o", "json", "--ns", uts).endedWith(0);
    assertTrue(result.out().chars().allMatch(c -> c == '\n' || (c >= ' ' && c <= '~')));
    JsonNode process = Nsmon.json(result.lines()).get(1).get("process");
    assertEquals("\u001b[2J\n) (\ufffd\u202eZ", process.get("comm").asText());
    assertEquals(hostile.pid(), process.get("pid").asInt());
    assertEquals(ProcessHandle.current().pid(), process.get("ppid").asLong());
    assertTrue(process.get("startTicks").asLong() > 0, process::toString);
  }

  @ParameterizedTest
  @Tag("full")
  @CsvSource({"list", "tree"})
  void itsCommandLineIsShownOnOneLineThatPrints(String command) {
    Result result = Nsmon.run(command, "--type", "uts").endedWith(0);
    assertPrints(result);
    assertEquals(
        1,
        result.lines().stream().filter(line -> line.endsWith(SHOWN + " \\r" + SHOWN)).count(),
        result::toString);
  }

  @ParameterizedTest
  @Tag("full")
  @CsvSource({"list", "tree", "watch --baseline --duration 200ms"})
  void aPlainLocaleGetsPlainAscii(String command) {
    Result result = Nsmon.run(Map.of("LC_ALL", "C"), command.split(" ", -1)).endedWith(0);
    assertTrue(result.out().chars().allMatch(c -> c < 0x7f), result::toString);
    assertTrue(result.out().contains(SHOWN.replace("\ufffd", "\\u{fffd}")), result::toString);
  }
}
