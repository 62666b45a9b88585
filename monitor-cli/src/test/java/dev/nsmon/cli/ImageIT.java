package dev.nsmon.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The image is complete, starts from anywhere, fast and without a word of its own.
final class ImageIT {
  /// The JVM does not start with this where it can't use the cache.
  private static final Map<String, String> CACHE_OR_NOTHING =
      Map.of("NSMON_JVM_OPTIONS", "-XX:AOTMode=on");

  @Test
  void theAotCacheIsThereAndFits() {
    assertTrue(Files.isRegularFile(Nsmon.image().resolve("nsmon.aot")));
    assertEquals("", Nsmon.run(CACHE_OR_NOTHING, "--version").endedWith(0).err());
  }

  @Test
  void startsFromAnotherDirectoryAndThroughASymlink(@TempDir Path directory) throws IOException {
    Path link = directory.resolve("of another name");
    Files.createSymbolicLink(link, Path.of(Nsmon.program()));
    ProcessBuilder command = Nsmon.command("./of another name", "--version");
    command.directory(directory.toFile()).environment().putAll(CACHE_OR_NOTHING);
    Result result = Child.start(command).result().endedWith(0);
    assertTrue(result.out().startsWith("nsmon "), result::toString);
    assertEquals("", result.err());
  }

  @Test
  void startsFromItsOwnDirectoryAndOverThePath() {
    Result result = Nsmon.shell("cd \"${NSMON%/*}\" && sh nsmon --version && PATH=. nsmon -V");
    assertEquals(4, result.endedWith(0).lines().size(), result::toString);
  }

  @Test
  void versionIsThatOfTheBuild() throws IOException {
    Properties build = new Properties();
    Path written = Nsmon.image().resolveSibling("maven-archiver/pom.properties");
    try (InputStream in = Files.newInputStream(written)) {
      build.load(in);
    }
    Result result = Nsmon.run("--version").endedWith(0);
    assertEquals("nsmon " + build.getProperty("version"), result.lines().getFirst());
    assertEquals(2, result.lines().size(), result::toString);
    assertEquals("", result.err());
  }

  @ParameterizedTest
  @Tag("full")
  @ValueSource(strings = {"", "watch", "serve", "history", "list", "tree", "doctor", "completion"})
  void helpOfEveryCommandShowsExamples(String command) {
    Result result =
        command.isEmpty() ? Nsmon.run("--help") : Nsmon.run(command, "--help").endedWith(0);
    assertTrue(result.out().startsWith("Usage: nsmon"), result::toString);
    assertTrue(result.out().contains("\nExamples:\n"), result::toString);
    assertTrue(result.lines().stream().allMatch(line -> line.length() <= 80), result::toString);
    assertEquals("", result.err());
  }

  @ParameterizedTest
  @ValueSource(strings = {"list", "tree", "watch --baseline --threads --duration 200ms", "doctor"})
  void theJvmSaysNothingOfItsOwn(String command) {
    Result result = Nsmon.run(command.split(" ", -1));
    assertFalse(result.out().contains("[warning]"), result::toString);
    assertTrue(result.err().lines().allMatch(line -> line.startsWith("nsmon: ")), result.err());
  }

  @ParameterizedTest
  @Tag("full")
  @ValueSource(strings = {"JDK_JAVA_OPTIONS", "JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS"})
  void optionsMeantForOtherJvmsDoNotReachIt(String variable) {
    Result result = Nsmon.run(Map.of(variable, "-XX:+UseParallelGC"), "--version").endedWith(0);
    assertEquals("", result.err());
  }

  @Test
  void completionIsAScriptThatCompletesCommandsAndOptions() {
    Needs.tool("bash");
    String script =
        """
        set -e
        script=$("$NSMON" completion)
        bash -n <<<"$script"
        eval "$script"
        complete -p nsmon
        complete_line() {
          COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMP_LINE="$*" COMP_POINT=${#COMP_LINE}
          COMPREPLY=()
          _complete_nsmon nsmon "${@: -1}" "${@: -2:1}" || true
          echo "${COMPREPLY[*]}"
        }
        complete_line nsmon wa
        complete_line nsmon watch --in
        complete_line nsmon tr
        """;
    Result result = Nsmon.shell(script).endedWith(0);
    List<String> lines = result.lines();
    assertTrue(lines.getFirst().endsWith(" nsmon"), result::toString);
    assertEquals(List.of("watch", "--include-initial --interval", "tree"), lines.subList(1, 4));
  }

  @Test
  void theManualIsWellFormedAndKnowsEveryCommand() {
    Needs.tool("groff");
    Path page = Nsmon.image().resolve("share/man/man1/nsmon.1.gz");
    Result result =
        Nsmon.shell("zcat " + page + " | groff -man -Tutf8 -ww -rLL=200n -P-cbou").endedWith(0);
    assertEquals("", result.err());
    for (String line :
        List.of(
            "   nsmon watch",
            "   nsmon kafka create-topics",
            "       --reconcile TIME",
            "              Time between comparisons of /proc with what was pushed. Default: 30s.",
            "       4      privileges are missing (doctor)")) {
      assertTrue(result.lines().contains(line), () -> line + " in " + result.out());
    }
  }

  @Test
  void theCompletionForPackagesIsWhatTheCommandPrints() throws IOException {
    Path file = Nsmon.image().resolve("share/bash-completion/completions/nsmon");
    String printed = Nsmon.run("completion").endedWith(0).out();
    assertEquals(printed.replaceFirst("^#!.*\n", ""), Files.readString(file));
  }
}
