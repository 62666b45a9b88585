package dev.nsmon.cli;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `nsmon serve` keeps what it tells, and goes on where it was.
class ServeIT {
  private static final String OTHER_BOOT = "11111111-2222-3333-4444-555555555555";
  private static final String NAMESPACE = "/namespace/key";
  private static final String PROCESS = "/process/pid";

  @TempDir private Path directory;
  private Path journal;

  @BeforeAll
  static void needs() {
    Needs.root();
    Needs.tool("unshare");
  }

  @BeforeEach
  void place() {
    journal = directory.resolve("new/journal.db");
  }

  private Child serve(String... options) {
    List<String> args = new ArrayList<>(List.of("serve", "--journal", journal.toString()));
    args.addAll(List.of(options));
    return Nsmon.start(args.toArray(String[]::new));
  }

  private List<JsonNode> records() {
    boolean begun =
        Files.exists(journal)
            && !Journaled.query(journal, "SELECT 1 FROM sqlite_master WHERE name = 'events'")
                .isEmpty();
    return begun ? Journaled.records(journal) : List.of();
  }

  private static List<String> kinds(List<JsonNode> records) {
    return records.stream().map(one -> one.get("kind").asText()).toList();
  }

  /// Runs it until it has told the baseline, or what changed since; what the journal then holds.
  private List<JsonNode> runOnce() {
    long before = count("synced");
    try (Child serve = serve()) {
      await().until(() -> count("synced") > before);
      serve.signal("TERM");
      serve.result().endedWith(143);
    }
    return records();
  }

  private long count(String kind) {
    return kinds(records()).stream().filter(kind::equals).count();
  }

  private static Child inNewNamespace(String type) {
    Child child = Child.start("unshare", type, "sleep", "60");
    String own = "/proc/self/ns/" + (type.equals("-u") ? "uts" : "net");
    await()
        .until(
            () ->
                !Files.readSymbolicLink(Path.of(own))
                    .toString()
                    .equals(child.namespace(own.substring(own.lastIndexOf('/') + 1))));
    return child;
  }

  @Test
  void aRestartTellsWhatChangedInBetweenAndNothingElse() {
    try (Child stays = inNewNamespace("-u")) {
      List<JsonNode> first = runOnce();
      List<JsonNode> second;
      JsonNode created;
      try (Child ends = inNewNamespace("-n")) {
        second = news(first, runOnce());
        created =
            second.stream()
                .filter(one -> one.get("kind").asText().equals("namespace-created"))
                .filter(one -> one.at("/process/pid").asInt() == ends.pid())
                .findFirst()
                .orElseThrow();
        assertEquals(List.of("namespace-created", "process-joined"), about(second, ends.pid()));
        assertEquals(List.of(), about(second, stays.pid()));
      }
      List<JsonNode> third = news(second, runOnce());
      JsonNode destroyed =
          third.stream()
              .filter(one -> one.get("kind").asText().equals("namespace-destroyed"))
              .filter(one -> one.at("/namespace/key").equals(created.at("/namespace/key")))
              .findFirst()
              .orElseThrow();
      assertEquals("poll", destroyed.get("source").asText());
      assertTrue(destroyed.get("lifetimeMillis").asLong() > 0, destroyed::toString);
      assertTrue(
          destroyed.get("notBefore").asText().compareTo(created.get("time").asText()) >= 0,
          destroyed::toString);
    }
    List<JsonNode> all = records();
    for (int i = 0; i < all.size(); i++) {
      assertEquals(i + 1, all.get(i).get("seq").asLong());
      assertEquals(all.getFirst().get("stream"), all.get(i).get("stream"));
    }
  }

  @Test
  void whatLivedAndDiedWhileNoMonitorRanIsCounted() {
    JsonNode loss = lossOfARestart();
    assumeTrue(
        records().stream().anyMatch(one -> one.at("/namespace/id").isTextual()),
        "the kernel does not number namespaces");
    // Others make namespaces too.
    assertTrue(loss.get("count").asLong() >= 5, loss::toString);
    assertTrue(loss.has("notBefore"), loss::toString);
  }

  /// What the second of two runs says it has missed, with five lives in between.
  private JsonNode lossOfARestart() {
    List<JsonNode> before = runOnce();
    for (int i = 0; i < 5; i++) {
      assertEquals(0, Child.start("unshare", "-u", "true").result().code());
    }
    List<JsonNode> news = news(before, runOnce());
    List<JsonNode> losses =
        news.stream().filter(one -> one.path("where").asText().equals("restart")).toList();
    assertEquals(1, losses.size(), news::toString);
    return losses.getFirst();
  }

  @Test
  @Tag("full")
  void afterAKillNobodyKnowsHowMany() {
    try (Child serve = serve()) {
      await().until(() -> count("synced") == 1);
      serve.signal("KILL");
      serve.result().endedWith(137);
    }
    List<JsonNode> before = records();
    List<JsonNode> losses =
        news(before, runOnce()).stream()
            .filter(one -> one.path("where").asText().equals("restart"))
            .toList();
    assertEquals(1, losses.size());
    assertFalse(losses.getFirst().has("count"), losses::toString);
  }

  /// What was added before the last `synced`: after it come the namespaces of others.
  private static List<JsonNode> news(List<JsonNode> before, List<JsonNode> after) {
    long last = before.getLast().get("seq").asLong() + (kinds(before).contains("synced") ? 0 : 1);
    List<JsonNode> news = after.stream().filter(one -> one.get("seq").asLong() > last).toList();
    int synced = kinds(news).lastIndexOf("synced");
    assertTrue(synced >= 0, news::toString);
    return news.subList(0, synced);
  }

  private static List<String> about(List<JsonNode> records, int pid) {
    return kinds(records.stream().filter(one -> one.at("/process/pid").asInt() == pid).toList());
  }

  @Test
  @Tag("full")
  void afterARebootAllThatThereWasIsDestroyedFirst() {
    try (Child stays = inNewNamespace("-u")) {
      List<JsonNode> first = runOnce();
      String boot = first.getFirst().at("/host/bootId").asText();
      Journaled.change(
          journal,
          "UPDATE runs SET boot_id='%s', host=replace(host, '%s', '%s')"
              .formatted(OTHER_BOOT, boot, OTHER_BOOT));
      List<JsonNode> all = runOnce();
      List<JsonNode> second = all.subList(first.size(), all.size());
      List<JsonNode> old =
          second.stream()
              .filter(one -> one.at("/host/bootId").asText().equals(OTHER_BOOT))
              .toList();
      assertEquals("restart", second.getFirst().path("where").asText());
      assertEquals(old, second.subList(1, 1 + old.size()));
      List<JsonNode> ended = of(old, "namespace-destroyed");
      for (JsonNode one : ended) {
        assertEquals("reboot", one.get("evidence").asText());
        assertTrue(one.has("notBefore"), one::toString);
      }
      assertEquals(
          without(NAMESPACE, of(first, "namespace-created"), of(first, "namespace-destroyed")),
          all(NAMESPACE, ended));
      assertEquals(
          without(PROCESS, of(first, "process-joined"), of(first, "process-left")),
          all(PROCESS, of(old, "process-left")));
      List<JsonNode> created =
          of(second, "namespace-created").stream()
              .filter(one -> one.at("/process/pid").asInt() == stays.pid())
              .toList();
      assertEquals(1, created.size(), created::toString);
      assertEquals("baseline", created.getFirst().get("source").asText());
      assertEquals(boot, created.getFirst().at("/host/bootId").asText());
    }
  }

  private static List<JsonNode> of(List<JsonNode> records, String kind) {
    return records.stream().filter(one -> one.get("kind").asText().equals(kind)).toList();
  }

  private static Set<String> all(String field, List<JsonNode> records) {
    Set<String> all = new TreeSet<>();
    records.forEach(one -> all.add(one.at(field).asText()));
    return all;
  }

  private static Set<String> without(String field, List<JsonNode> records, List<JsonNode> ends) {
    Set<String> left = all(field, records);
    left.removeAll(all(field, ends));
    return left;
  }

  @Test
  @Tag("full")
  void aJournalOfANewerVersionIsLeftAsItIs() throws Exception {
    runOnce();
    Journaled.change(journal, "PRAGMA user_version = 99");
    byte[] before = Files.readAllBytes(journal);
    Path file = directory.resolve("events.json");
    try (Child serve = serve("--listen", "127.0.0.1:0", "--file", file.toString())) {
      await().until(() -> serve.err().contains("listening on "));
      String place = serve.err().replaceFirst("(?s).*listening on (http://\\S+).*", "$1");
      assertTrue(ask(place + "/readyz").contains("\"journal\":{\"condition\":\"failing\""));
      assertTrue(ask(place + "/metrics").contains("\nnsmon_journal_up 0.0\n"));
      await().until(() -> Files.exists(file) && Files.readString(file).contains("synced"));
      assertTrue(serve.err().contains("was written by a newer version of nsmon"), serve::err);
      Result history = Nsmon.run("history", "--journal", journal.toString());
      history.endedWith(1);
      assertTrue(history.err().contains("was written by a newer version of nsmon"), history::err);
      serve.signal("TERM");
      serve.result().endedWith(143);
    }
    assertArrayEquals(before, Files.readAllBytes(journal));
  }

  private static String ask(String address) {
    return Child.start("curl", "-s", "-m", "20", address).result().out();
  }

  @Test
  @Tag("full")
  void aDamagedJournalIsSetAsideAndTheStreamSaysSo() throws Exception {
    runOnce();
    Files.writeString(journal, "no database at all");
    List<JsonNode> all;
    try (Child serve = serve()) {
      await().until(() -> serve.err().contains("source: "));
      await().until(() -> count("synced") > 0);
      all = records();
    }
    assertEquals("events-lost", all.getFirst().get("kind").asText());
    assertFalse(all.getFirst().has("count"), all.getFirst()::toString);
    assertEquals(1, all.getFirst().get("seq").asLong());
    try (Stream<Path> files = Files.list(journal.getParent())) {
      assertEquals(1, files.filter(one -> one.toString().contains(".corrupt-")).count());
    }
  }

  @Test
  @Tag("full")
  void aBrokerThatIsNotThereIsSaidOnceAndHoldsUpNothing() {
    try (Child serve = serve("--kafka", "127.0.0.1:1", "-K", "max.block.ms=1000")) {
      await().atMost(Duration.ofSeconds(20)).until(() -> serve.err().contains("nsmon.events: "));
      try (Child other = inNewNamespace("-u")) {
        await().until(() -> !about(records(), other.pid()).isEmpty());
      }
      assertEquals(1, serve.err().lines().filter(line -> line.contains("nsmon.events: ")).count());
      assertFalse(serve.err().contains("Exception"), serve::err);
      serve.signal("TERM");
      serve.result().endedWith(143);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--journal-size 1KiB                      | 2 | 4MiB",
        "--journal-size big                       | 2 | KiB, MiB or GiB",
        "--journal-age 0s                         | 2 | --journal-age",
        "--kafka-exactly-once                     | 2 | needs --kafka",
        "--kafka h:1 -K ssl.keystore.password=x   | 3 | ssl.keystore.password",
        "--kafka h:1 -K acks=perhaps              | 3 | acks",
        "--kafka h:1 --kafka-config /nowhere/it   | 3 | /nowhere/it",
        "--kafka nowhere                          | 3 | nowhere",
      })
  void aBadOptionIsAnsweredByWhatWouldBeRight(String options, int code, String said) {
    String all = "serve --journal " + journal + " " + options.strip();
    Result result = Refusals.run(all.split(" +", -1)).endedWith(code);
    assertTrue(result.err().contains(said), result::err);
    assertFalse(result.err().contains("Exception"), result::err);
    assertFalse(Files.exists(journal));
  }

  @Test
  void exactlyOnceNeedsAJournal() {
    Result result =
        Refusals.run("serve", "--journal", "none", "--kafka", "h:1", "--kafka-exactly-once");
    result.endedWith(2);
    assertTrue(result.err().contains("needs a journal"), result::err);
  }
}
