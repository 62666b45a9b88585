package dev.nsmon.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `nsmon tree` shows namespaces below their parents, with the processes in them.
final class TreeIT {
  /// A process in a user namespace that owns a network namespace and, below that, a pid namespace.
  private static Child shell;

  @BeforeAll
  static void startShell() {
    Needs.root();
    Needs.tool("unshare");
    shell = Child.start("unshare", "-Unpf", "--kill-child", "sh", "-c", "echo up; sleep 300; :");
    shell.awaitLine("up"::equals);
  }

  @AfterAll
  static void endShell() {
    if (shell != null) {
      shell.end();
    }
  }

  private static List<String> tree(String type) {
    return Nsmon.run("tree", "--type", type).endedWith(0).lines();
  }

  private static int indexOf(List<String> lines, String regex) {
    int index = 0;
    while (index < lines.size() && !lines.get(index).matches(regex)) {
      index++;
    }
    assertTrue(index < lines.size(), () -> regex + "\n" + String.join("\n", lines));
    return index;
  }

  @Test
  void aNestedPidNamespaceShowsPidsOutsideAndInside() {
    long init = ProcessHandle.of(shell.pid()).orElseThrow().children().findFirst().get().pid();
    String pid = "\\Q" + shell.namespace("pid_for_children") + "\\E";
    List<String> lines = Nsmon.run("tree").endedWith(0).lines();
    int nested = indexOf(lines, "[ │]*[├└]─ " + pid + " pid:\\d+ 2 processes.*");
    assertTrue(
        lines.get(nested + 1).matches("[ │]+├─ " + init + " \\(1\\) sh -c .*"), lines::toString);
    assertTrue(lines.get(nested + 2).matches("[ │]+└─ \\d+ \\(2\\) sleep 300"), lines::toString);
    assertTrue(
        lines.get(nested).indexOf('─') < lines.get(nested + 1).indexOf('─'), lines::toString);
    // Where it was started is above it.
    String outer = "\\Q" + shell.namespace("pid") + "\\E";
    assertTrue(indexOf(lines, ".*" + outer + " .*") < nested, lines::toString);
  }

  @Test
  void aUserNamespaceShowsAllThatItOwns() {
    List<String> lines = tree("user");
    int user = indexOf(lines, ".*─ \\Q" + shell.namespace("user") + "\\E .*3 processes.*");
    int indent = lines.get(user).indexOf('─') + 1;
    List<String> below =
        lines.subList(user + 1, lines.size()).stream()
            .takeWhile(line -> line.indexOf('─') > indent)
            .map(line -> line.substring(line.indexOf('─') + 2))
            .toList();
    for (String owned : List.of(shell.namespace("net"), shell.namespace("pid_for_children"))) {
      assertEquals(
          1, below.stream().filter(line -> line.startsWith(owned + " ")).count(), below::toString);
    }
    assertTrue(
        below.contains(shell.pid() + " unshare -Unpf --kill-child sh -c echo up; sleep 300; :"),
        below::toString);
  }

  @Test
  void aTypeWithoutHierarchyIsAFlatList() {
    List<String> lines = tree("net");
    indexOf(lines, "\\Q" + shell.namespace("net") + "\\E net:\\d+ 3 processes.*");
    assertTrue(lines.stream().noneMatch(line -> line.matches(".*─ net:.*")), lines::toString);
  }

  @ParameterizedTest
  @CsvSource({
    "LC_ALL, C.UTF-8, '└─ ', '`- '",
    "LC_ALL, C, '`- ', '└─ '",
    "LC_ALL, en_US.utf8, '├─ ', '|- '"
  })
  void branchesAreThoseTheLocaleCanShow(String variable, String value, String good, String bad) {
    Result result = Nsmon.run(Map.of(variable, value), "tree").endedWith(0);
    assertTrue(result.out().contains("\n" + good), result::toString);
    assertTrue(result.lines().stream().noneMatch(line -> line.startsWith(bad)), result::toString);
  }
}
