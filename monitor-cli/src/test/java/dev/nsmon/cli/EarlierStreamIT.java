package dev.nsmon.cli;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.nsmon.testing.ReservedPort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// `nsmon serve` that has to begin without its journal, be it that the disk is full or that another
/// monitor has it, takes it later: its own stream and what is left of the one before arrive at the
/// sinks, each with all of its numbers.
class EarlierStreamIT {
  private static final int LIVES = 12;

  @TempDir private Path directory;
  private final ReservedPort port = ReservedPort.open();
  private Path disk;

  @BeforeAll
  static void needs() {
    Needs.root();
    Needs.tool("unshare");
    Needs.tool("curl");
  }

  @BeforeEach
  void mount() throws IOException {
    disk = Files.createDirectory(directory.resolve("disk"));
    Nsmon.shell("mount -t tmpfs -o size=64m none " + disk).endedWith(0);
  }

  @AfterEach
  void unmount() {
    port.close();
    Nsmon.shell("umount " + disk).endedWith(0);
  }

  private Path journal() {
    return disk.resolve("journal.db");
  }

  /// One with a receiver that may be away, and a file.
  private Served serve(Path file) {
    return Served.with(
        List.of(
            "--listen=127.0.0.1:0",
            "--journal=" + journal(),
            "--file=" + file,
            "--syslog=tcp://127.0.0.1:" + port.number(),
            "--syslog-format=json"));
  }

  private static ConditionFactory eventually() {
    // A journal is tried every five seconds, a receiver within thirty.
    return Child.eventually().atMost(Duration.ofSeconds(90));
  }

  private static void liveAndDie() {
    Nsmon.shell("for i in $(seq %d); do unshare -u true; done".formatted(LIVES)).endedWith(0);
  }

  private static void end(Served serve, String signal) {
    serve.child().signal(signal);
    serve.child().result().endedWith(signal.equals("KILL") ? 137 : 143);
  }

  /// By stream, the numbers in the order in which they came.
  private static Map<String, List<Long>> numbers(List<JsonNode> records) {
    return records.stream()
        .collect(
            groupingBy(
                one -> one.get("stream").asText(),
                LinkedHashMap::new,
                mapping(one -> one.get("seq").asLong(), toList())));
  }

  private static List<JsonNode> lines(Path file) throws IOException {
    return Nsmon.json(Nsmon.wholeLines(file));
  }

  private Map<String, List<Long>> kept() {
    return numbers(Journaled.records(journal()));
  }

  private static List<String> destroyed(List<JsonNode> records, String stream) {
    return records.stream()
        .filter(one -> one.get("kind").asText().equals("namespace-destroyed"))
        .filter(one -> one.get("stream").asText().equals(stream))
        .map(one -> one.at("/namespace/key").asText())
        .toList();
  }

  private static void assertNothingIsMissing(Map<String, List<Long>> numbers, String where) {
    numbers.forEach(
        (stream, seqs) -> {
          Set<Long> distinct = new TreeSet<>(seqs);
          assertEquals(
              LongStream.rangeClosed(1, distinct.size()).boxed().toList(),
              new ArrayList<>(distinct),
              () -> where + ", stream " + stream);
        });
  }

  /// Waits until these sinks have all that the journal has, without a gap.
  private void awaitAll(Path file, SyslogReceiving syslog) {
    eventually()
        .untilAsserted(
            () -> {
              Map<String, List<Long>> kept = kept();
              assertNothingIsMissing(kept, "journal");
              Map<String, List<Long>> written = numbers(lines(file));
              Map<String, List<Long>> sent = numbers(syslog.records());
              for (String stream : kept.keySet()) {
                Set<Long> all = new TreeSet<>(kept.get(stream));
                assertTrue(new TreeSet<>(written.getOrDefault(stream, List.of())).containsAll(all));
                assertTrue(new TreeSet<>(sent.getOrDefault(stream, List.of())).containsAll(all));
              }
              assertNothingIsMissing(written, "file");
              assertNothingIsMissing(sent, "syslog");
            });
  }

  private static void assertOutOfUse(Served serve, String why) {
    String ready = serve.ask("/readyz");
    assertTrue(ready.contains("\"journal\":{\"condition\":\"failing\""), ready);
    assertTrue(ready.contains(why), ready);
    assertTrue(serve.ask("/metrics").contains("\nnsmon_journal_up 0.0\n"));
  }

  private static void awaitJournal(Served serve) {
    eventually().until(() -> serve.child().err().contains("journal.db works again"));
    assertEquals(
        1,
        serve
            .child()
            .err()
            .lines()
            .filter(line -> line.endsWith("journal.db works again"))
            .count());
    eventually().until(() -> serve.ask("/metrics").contains("\nnsmon_journal_up 1.0\n"));
  }

  private void makeUnusable(String how) {
    String command =
        how.equals("full")
            ? "head -c 200M /dev/zero > %s/filler; test -s %1$s/filler"
            : "mount -o remount,ro %s";
    Nsmon.shell(command.formatted(disk)).endedWith(0);
  }

  private void makeUsable(String how) {
    String command = how.equals("full") ? "rm %s/filler" : "mount -o remount,rw %s";
    Nsmon.shell(command.formatted(disk)).endedWith(0);
  }

  @ParameterizedTest
  @Tag("full")
  @ValueSource(strings = {"full", "read-only"})
  void diskThatCanBeUsedLaterGetsTheRunningStreamAndGivesWhatItHolds(String how)
      throws IOException {
    Path file = directory.resolve("later/events.json");
    try (Served first = serve(file)) {
      eventually().until(() -> Files.exists(journal()) && !Journaled.records(journal()).isEmpty());
      liveAndDie();
      eventually().until(() -> lives(Journaled.records(journal())) >= LIVES);
      end(first, "TERM");
    }
    String earlier = kept().keySet().iterator().next();
    List<Long> ofEarlier = kept().get(earlier);
    makeUnusable(how);
    // Both sinks were away all the time, and come back before the journal does.
    Files.createDirectory(file.getParent());
    try (SyslogReceiving syslog = new SyslogReceiving(port.number())) {
      try (Served second = serve(file)) {
        assertOutOfUse(second, how.equals("full") ? "the disk is full" : "Read-only file system");
        liveAndDie();
        eventually().until(() -> lives(lines(file)) >= LIVES);
        eventually().until(() -> lives(syslog.records()) >= LIVES);
        assertEquals(Set.of(), intersection(numbers(lines(file)).keySet(), Set.of(earlier)));
        makeUsable(how);
        awaitJournal(second);
        liveAndDie();
        awaitAll(file, syslog);
        eventually().until(() -> !second.ask("/readyz").contains("(stream "));
        end(second, "TERM");
      }
      assertEquals(2, kept().size());
      assertEquals(ofEarlier, kept().get(earlier), "it stays as it was");
      assertEquals(ofEarlier, numbers(lines(file)).get(earlier));
      assertEquals(ofEarlier, numbers(syslog.records()).get(earlier));
      restart(file, syslog, earlier);
    }
  }

  private static Set<String> intersection(Set<String> one, Set<String> other) {
    Set<String> both = new TreeSet<>(one);
    both.retainAll(other);
    return both;
  }

  /// How many of the newest stream.
  private static long lives(List<JsonNode> records) {
    return records.isEmpty()
        ? 0
        : destroyed(records, records.getLast().get("stream").asText()).size();
  }

  /// It goes on with the newest stream, and what has been delivered of the other is not again.
  private void restart(Path file, SyslogReceiving syslog, String earlier) throws IOException {
    String newest = List.copyOf(kept().keySet()).getLast();
    assertNotEquals(earlier, newest);
    int before = kept().get(newest).size();
    try (Served third = serve(file)) {
      liveAndDie();
      eventually().until(() -> kept().get(newest).size() > before + 3 * LIVES);
      awaitAll(file, syslog);
      end(third, "TERM");
      assertTrue(!third.child().err().contains("earlier stream"), third.child()::err);
    }
    assertEquals(2, kept().size());
    assertNothingIsMissing(kept(), "journal");
    assertEquals(kept().get(earlier).size(), numbers(lines(file)).get(earlier).size());
    assertEquals(
        List.of(),
        Journaled.query(
            journal(),
            "SELECT record FROM readable WHERE kind = 'events-lost' AND record ->> 'where' ="
                + " 'log'"));
    Result history =
        Nsmon.run("history", "--journal", journal().toString(), "-o", "cloudevents").endedWith(0);
    List<String> ids =
        Nsmon.json(history.lines()).stream().map(one -> one.get("id").asText()).toList();
    List<String> expected = new ArrayList<>();
    kept().forEach((stream, seqs) -> seqs.forEach(seq -> expected.add(stream + "/" + seq)));
    assertEquals(expected, ids);
  }

  @Test
  @Tag("full")
  void secondMonitorTakesTheJournalWhenTheFirstEnds() throws IOException {
    secondMonitorTakesTheJournal("TERM");
  }

  @Test
  @Tag("full")
  void secondMonitorTakesTheJournalWhenTheFirstIsKilled() throws IOException {
    secondMonitorTakesTheJournal("KILL");
  }

  private void secondMonitorTakesTheJournal(String signal) throws IOException {
    Path file = directory.resolve("second.json");
    String earlier;
    try (Served first = serve(directory.resolve("first.json"))) {
      eventually().until(() -> Files.exists(journal()) && !Journaled.records(journal()).isEmpty());
      earlier = kept().keySet().iterator().next();
      try (Served second = serve(file)) {
        assertOutOfUse(second, "in use by another monitor (process " + first.child().pid() + ")");
        liveAndDie();
        eventually().until(() -> lives(lines(file)) >= LIVES);
        eventually().until(() -> lives(Journaled.records(journal())) >= LIVES);
        end(first, signal);
        liveAndDie();
        awaitJournal(second);
        try (SyslogReceiving syslog = new SyslogReceiving(port.number())) {
          awaitAll(file, syslog);
          assertEquals(kept().keySet(), Set.copyOf(numbers(syslog.records()).keySet()));
          String newest = List.copyOf(kept().keySet()).getLast();
          assertTrue(destroyed(lines(file), newest).size() >= 2 * LIVES);
          end(second, "TERM");
          restart(file, syslog, earlier);
        }
      }
    }
  }

  @Test
  @Tag("full")
  void whatWaitsInAnEarlierStreamIsDeliveredAlsoAfterAnotherRestart() throws IOException {
    Path file = directory.resolve("events.json");
    try (Served first = serve(file)) {
      eventually().until(() -> Files.exists(journal()) && !Journaled.records(journal()).isEmpty());
      try (Served second = serve(directory.resolve("second.json"))) {
        liveAndDie();
        eventually().until(() -> lives(Journaled.records(journal())) >= LIVES);
        end(first, "TERM");
        awaitJournal(second);
        assertTrue(second.ask("/readyz").contains("(stream "), "the receiver is still away");
        end(second, "KILL");
      }
    }
    try (Served third = serve(file);
        SyslogReceiving syslog = new SyslogReceiving(port.number())) {
      awaitAll(file, syslog);
      assertEquals(2, numbers(syslog.records()).size());
      end(third, "TERM");
    }
  }
}
