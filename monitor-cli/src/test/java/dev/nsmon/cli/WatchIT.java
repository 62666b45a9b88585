package dev.nsmon.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `nsmon watch` tells what happens to a namespace and its process, in order, to people and to
/// programs.
final class WatchIT {
  @BeforeAll
  static void needs() {
    Needs.root();
    Needs.tool("unshare");
  }

  @Test
  void theLifeOfANamespaceIsFourRecordsInOrder() {
    try (Child watch = Nsmon.watch("-o", "json");
        Child sleep = Child.start("unshare", "-u", "sleep", "300").awaitComm("sleep")) {
      String uts = sleep.namespace("uts");
      watch.awaitLine(line -> isAbout(line, sleep) && line.contains("process-joined"));
      sleep.end();
      watch.awaitLine(line -> isAbout(line, sleep) && line.contains("namespace-destroyed"));

      List<JsonNode> records = Nsmon.json(watch.lines());
      assertAreOneStream(records);
      List<JsonNode> about =
          records.stream().filter(one -> one.at("/process/pid").asInt() == sleep.pid()).toList();
      assertEquals(
          List.of("namespace-created", "process-joined", "process-left", "namespace-destroyed"),
          about.stream().map(one -> one.get("kind").asText()).toList());
      JsonNode created = about.getFirst().get("namespace");
      assertEquals(uts, "uts:[" + created.get("inode").asText() + "]");
      for (JsonNode namespace :
          List.of(
              about.get(1).at("/namespaces/uts"),
              about.get(2).at("/namespaces/uts"),
              about.get(3).get("namespace"))) {
        assertEquals(created.get("key"), namespace.get("key"));
      }
      assertTrue(about.get(3).get("lifetimeMillis").asLong() > 0, about::toString);
    }
  }

  private static boolean isAbout(String line, Child child) {
    return Nsmon.json(line).at("/process/pid").asInt() == child.pid();
  }

  /// What the event's contract asks of every record.
  private static void assertAreOneStream(List<JsonNode> records) {
    long seq = records.getFirst().get("seq").asLong();
    for (JsonNode one : records) {
      assertEquals(seq++, one.get("seq").asLong(), one::toString);
      assertEquals(1, one.get("schema").asInt(), one::toString);
      assertEquals(records.getFirst().get("stream"), one.get("stream"));
      assertEquals(records.getFirst().get("host"), one.get("host"));
      // A kernel record has the time itself; what a look has found came about since the last one.
      switch (one.get("source").asText()) {
        case "baseline" -> assertFalse(one.has("notBefore"), one::toString);
        case "poll" -> assertTrue(one.has("notBefore"), one::toString);
        default -> {}
      }
      assertTrue(
          one.get("time").asText().matches("\\d{4}-\\d\\d-\\d\\dT[0-9:]{8}\\.\\d{6}Z"),
          one::toString);
    }
  }

  @ParameterizedTest
  @CsvSource({"C.UTF-8, →", "C, ->"})
  void aMoveIsOneLineWithAnArrowAsTheLocaleHasIt(String locale, String arrow) {
    try (Child shell =
        Child.start("sh", "-c", "read go; exec unshare -u sleep 300").awaitComm("sh")) {
      String from = shell.namespace("uts");
      ProcessBuilder command =
          Nsmon.nsmon("watch", "--interval", "100ms", "--pid", "" + shell.pid());
      command.environment().putAll(Map.of("LC_ALL", locale));
      try (Child watch = Child.start(command)) {
        watch.awaitLine(line -> line.contains("synced"));
        shell.type("go");
        shell.awaitComm("sleep");
        String to = shell.namespace("uts");
        String moved = watch.awaitLine(line -> line.contains("joined"));
        assertTrue(moved.contains(" " + from + " " + arrow + " " + to), moved);
        shell.end();
        watch.awaitLine(line -> line.contains("destroyed"));
        assertEquals(
            List.of("synced", "created", "joined", "left", "destroyed"),
            watch.lines().stream().map(line -> line.split(" +", -1)[1]).toList());
        String line =
            "\\d\\d:\\d\\d:\\d\\d\\.\\d{3} [a-z]+ +(" + shell.pid() + " (sh|sleep) .*|.*)";
        assertTrue(watch.lines().stream().allMatch(one -> one.matches(line)), watch::out);
      }
    }
  }
}
