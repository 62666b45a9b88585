package dev.nsmon.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What existed before `nsmon watch` is told if asked for, through the same filters, and before
/// anything that is new.
final class WatchBaselineIT {
  private static Child sleep;

  /// The key of its UTS namespace.
  private static String key;

  @BeforeAll
  static void startSleep() {
    Needs.root();
    Needs.tool("unshare");
    sleep = Child.start("unshare", "-un", "sleep", "300").awaitComm("sleep");
    key =
        baseline("--pid", "" + sleep.pid(), "--event", "process-joined")
            .getFirst()
            .at("/namespaces/uts/key")
            .asText();
  }

  @AfterAll
  static void endSleep() {
    if (sleep != null) {
      sleep.close();
    }
  }

  private static Result look(String... options) {
    List<String> args = new ArrayList<>(List.of("watch", "--duration", "200ms"));
    args.addAll(List.of(options));
    return Nsmon.run(args.toArray(String[]::new)).endedWith(0);
  }

  private static List<JsonNode> baseline(String... options) {
    List<String> args = new ArrayList<>(List.of("--baseline", "-o", "json"));
    args.addAll(List.of(options));
    return Nsmon.json(look(args.toArray(String[]::new)).lines()).stream()
        .takeWhile(one -> !one.get("kind").asText().equals("synced"))
        .toList();
  }

  @Test
  void whatExistsComesFirstThenSyncedWithCounts() {
    List<JsonNode> all = Nsmon.json(look("--baseline", "-o", "json").lines());
    JsonNode synced =
        all.stream().filter(one -> one.get("kind").asText().equals("synced")).findFirst().get();
    List<JsonNode> before = all.subList(0, all.indexOf(synced));
    assertTrue(before.stream().allMatch(one -> one.get("source").asText().equals("baseline")));
    List<JsonNode> after = all.subList(all.indexOf(synced) + 1, all.size());
    assertTrue(after.stream().noneMatch(one -> one.get("source").asText().equals("baseline")));
    assertEquals(1, all.getFirst().get("seq").asInt());

    long nets =
        before.stream()
            .filter(one -> one.get("kind").asText().equals("namespace-created"))
            .filter(one -> one.at("/namespace/type").asText().equals("net"))
            .count();
    assertEquals(nets, synced.at("/counts/namespaces/net").asLong());
    assertTrue(
        before.stream().anyMatch(one -> one.at("/process/pid").asInt() == sleep.pid()),
        all::toString);
  }

  @Test
  void withoutBaselineThereIsNone() {
    List<JsonNode> all = Nsmon.json(look("-o", "json").lines());
    assertEquals("synced", all.getFirst().get("kind").asText());
    assertTrue(
        all.stream().skip(1).noneMatch(one -> one.get("source").asText().equals("baseline")));
  }

  /// UTS and NET stand for what the link of the test's process says; ID for the namespace's key.
  @ParameterizedTest
  @CsvSource({
    "--type net,                /namespace/type /namespaces/net/type, net",
    "--event process-joined,    /kind,                                process-joined",
    "--event namespace-created, /kind,                                namespace-created",
    "--pid PID,                 /process/pid,                         PID",
    "--comm sleep,              /process/comm,                        sleep",
    "--ns UTS,                  /namespace/key /namespaces/uts/key,   KEY",
    "--ns KEY,                  /namespace/key /namespaces/uts/key,   KEY",
    "--ns KEY --event process-joined, /process/pid,                   PID",
  })
  void aFilterLetsNothingElsePass(String filter, String pointers, String value) {
    String pid = "" + sleep.pid();
    String[] options =
        Stream.of(filter.split(" ", -1))
            .map(word -> word.replace("PID", pid).replace("KEY", key))
            .map(word -> word.replace("UTS", sleep.namespace("uts")))
            .toArray(String[]::new);
    List<JsonNode> passed = baseline(options);
    assertTrue(
        passed.stream().anyMatch(one -> one.at("/process/pid").asInt() == sleep.pid()),
        passed::toString);
    String expected = value.replace("PID", pid).replace("KEY", key);
    for (JsonNode one : passed) {
      assertTrue(
          Stream.of(pointers.split(" ", -1)).anyMatch(at -> one.at(at).asText().equals(expected)),
          one::toString);
    }
  }

  @Test
  void whoLivesInTheInitialNamespacesIsToldOnlyIfAskedFor() {
    String self = "" + ProcessHandle.current().pid();
    List<JsonNode> asked = baseline("--include-initial", "--pid", self);
    assertEquals(8, asked.getLast().get("namespaces").size(), asked::toString);
    boolean initial = true;
    for (JsonNode one : asked.getLast().get("namespaces")) {
      initial &= one.get("initial").asBoolean();
    }
    assumeTrue(initial, "these tests run in a container, whose processes are news");
    assertFalse(
        baseline("--pid", self).stream()
            .anyMatch(one -> one.get("kind").asText().equals("process-joined")));
  }

  @Test
  void threadsAreLookedAtIfAskedFor() {
    List<JsonNode> records = baseline("--threads", "--pid", "" + sleep.pid());
    assertTrue(records.stream().noneMatch(one -> one.at("/process").has("tid")));
    assertEquals("process-joined", records.getLast().get("kind").asText());
  }
}
