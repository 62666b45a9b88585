package dev.nsmon.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Without privileges everything runs on what it can see, and says what it can't.
final class UnprivilegedIT {
  @TempDir private static Path directory;
  private static Nobody nobody;

  @BeforeAll
  static void makeTheImageReadableForNobody() throws IOException {
    nobody = new Nobody(directory);
    Needs.tool("unshare");
  }

  private static Result nsmon(String args) {
    return nobody.nsmon(args.split(" ", -1));
  }

  @ParameterizedTest
  @Tag("full")
  @ValueSource(strings = {"list", "tree", "watch --baseline --duration 200ms"})
  void whatCannotBeReadIsSaidOnceAndTheRestIsShown(String command) {
    Result result = nsmon(command).endedWith(0);
    List<String> said =
        result.err().lines().filter(line -> !line.startsWith("nsmon: source: ")).toList();
    assertEquals(1, said.size(), result.err());
    assertTrue(
        said.getFirst()
            .matches("nsmon: \\d+ of \\d+ processes can't be read.*'nsmon doctor' says why"),
        result.err());
    assertTrue(result.out().contains("java") || result.out().contains("uts:["), result::toString);
  }

  @Test
  @Tag("full")
  void syncedCountsWhatCannotBeRead() {
    JsonNode synced = Nsmon.json(nsmon("watch --duration 200ms -o json").lines()).getFirst();
    assertTrue(synced.at("/counts/unreadable").asInt() > 0, synced::toString);
    assertTrue(
        synced.at("/counts/processes").asInt() > synced.at("/counts/unreadable").asInt(),
        synced::toString);
  }

  @Test
  void ownNamespacesAreSeen() {
    try (Child sleep = Child.start(Nobody.command("unshare", "-U", "sleep", "300"))) {
      Result probe = Nobody.run("unshare", "-U", "true");
      assumeTrue(probe.code() == 0, "nobody may make no user namespace here: " + probe.err());
      sleep.awaitComm("sleep");
      Result list = nsmon("list -o json --pid " + sleep.pid()).endedWith(0);
      List<String> seen =
          Nsmon.json(list.lines()).stream()
              .map(one -> one.get("type").asText() + ":[" + one.get("inode").asText() + "]")
              .toList();
      assertTrue(seen.contains(sleep.namespace("user")), list::toString);
    }
  }

  @Test
  void theDoctorFindsItAndNamesTheRemedy() {
    Result result = nsmon("doctor").endedWith(4);
    List<String> lines = result.lines();
    int blind = 0;
    while (!lines.get(blind).startsWith("!! namespaces of others: ")) {
      blind++;
    }
    assertTrue(lines.get(blind).matches(".* \\d+ of \\d+ processes can't be read .*"));
    assertTrue(lines.get(blind + 1).contains("run as root or with CAP_SYS_PTRACE"), result.out());
    assertEquals("", result.err());
  }

  /// Runs nsmon as in a container.
  private static Result contained(String command) {
    Result result =
        Child.start(Nsmon.command("unshare", "-Upf", "--mount-proc", Nsmon.program(), command))
            .result();
    assumeTrue(!result.err().startsWith("unshare: "), result.err());
    return result;
  }

  @Test
  @Tag("full")
  void inAContainerTheRestOfTheHostIsSaidToBeInvisible() {
    Result result = contained("list").endedWith(0);
    assertTrue(result.err().matches("nsmon: .*child pid namespace.* invisible\n"), result.err());
  }

  @Test
  void theDoctorKnowsAContainerFromTheHost() {
    Result result = contained("doctor").endedWith(4);
    for (String type : List.of("pid", "user")) {
      assertTrue(result.out().contains("!! own " + type + " namespace: a child"), result.out());
      assertTrue(result.out().contains("with the host's " + type), result.out());
    }
  }
}
