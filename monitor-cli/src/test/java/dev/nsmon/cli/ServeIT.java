package dev.nsmon.cli;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `nsmon serve` keeps what it tells, and goes on where it was.
class ServeIT {
  private static final String OTHER_BOOT = "11111111-2222-3333-4444-555555555555";

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
  void afterARebootAllThatThereWasIsDestroyedFirst() {
    try (Child _ = inNewNamespace("-u")) {
      List<JsonNode> first = runOnce();
      String boot = first.getFirst().at("/host/bootId").asText();
      Journaled.change(
          journal,
          "UPDATE runs SET boot_id='%s', host=replace(host, '%s', '%s')"
              .formatted(OTHER_BOOT, boot, OTHER_BOOT));
      List<JsonNode> all = runOnce();
      List<JsonNode> second = all.subList(first.size(), all.size());
      List<JsonNode> ended =
          second.stream()
              .filter(one -> one.get("kind").asText().equals("namespace-destroyed"))
              .toList();
      assertEquals(count(first, "namespace-created"), ended.size());
      for (JsonNode one : ended) {
        assertEquals("reboot", one.get("evidence").asText());
        assertEquals(OTHER_BOOT, one.at("/host/bootId").asText());
        assertTrue(one.has("notBefore"), one::toString);
      }
      assertEquals(count(first, "process-joined"), count(second, "process-left"));
      assertEquals(ended.size(), count(second, "namespace-created"));
      JsonNode created = second.get(second.size() - 2);
      assertEquals("baseline", created.get("source").asText());
      assertEquals(boot, created.at("/host/bootId").asText());
    }
  }

  private static int count(List<JsonNode> records, String kind) {
    return (int) kinds(records).stream().filter(kind::equals).count();
  }

  @Test
  void aSecondMonitorGoesOnWithoutTheJournal() {
    try (Child _ = serve()) {
      await().until(() -> count("synced") == 1);
      try (Child second = serve()) {
        await().until(() -> second.err().contains("source: "));
        String said = second.err().lines().findFirst().orElse("");
        assertTrue(said.contains("goes on without a journal"), second::err);
        second.signal("TERM");
        second.result().endedWith(143);
      }
    }
    assertEquals(1, count("synced"));
  }

  @Test
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
    try (Child serve = serve(options.strip().split(" +", -1))) {
      Result result = serve.result();
      result.endedWith(code);
      assertTrue(result.err().contains(said), result::err);
      assertFalse(result.err().contains("Exception"), result::err);
    }
    assertFalse(Files.exists(journal));
  }

  @Test
  void exactlyOnceNeedsAJournal() {
    Result result =
        Nsmon.run("serve", "--journal", "none", "--kafka", "h:1", "--kafka-exactly-once");
    result.endedWith(2);
    assertTrue(result.err().contains("needs a journal"), result::err);
  }
}
