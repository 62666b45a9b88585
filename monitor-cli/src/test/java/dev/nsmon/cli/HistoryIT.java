package dev.nsmon.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `nsmon history` shows what `nsmon serve` has written, while that runs.
final class HistoryIT {
  @TempDir private static Path directory;
  private static Path journal;
  private static Child serve;
  private static Instant before;
  private static Instant during;
  private static Instant after;
  private static String uts;

  /// Names it for ever, as the inode does not.
  private static String key;

  private static String inode;
  private static int pid;

  @BeforeAll
  static void liveOfOneNamespace() {
    Needs.root();
    Needs.tool("unshare");
    journal = directory.resolve("journal.db");
    serve = Nsmon.start("serve", "--journal", journal.toString(), "--interval", "100ms");
    awaitEvents(1, "--event", "namespace-created");
    before = Instant.now();
    try (Child sleep = Child.start("unshare", "-u", "sleep", "300").awaitComm("sleep")) {
      uts = sleep.namespace("uts");
      inode = uts.replaceAll("\\D", "");
      pid = sleep.pid();
      String[] joined = {"--ns", uts, "--event", "process-joined", "--pid", "" + pid};
      awaitEvents(1, joined);
      key = Nsmon.json(json(joined).lines()).getLast().at("/namespaces/uts/key").asText();
      during = Instant.now();
    }
    awaitEvents(1, "--ns", key, "--event", "namespace-destroyed");
    after = Instant.now();
  }

  @AfterAll
  static void end() {
    if (serve != null) {
      serve.close();
    }
  }

  private static Result history(String... options) {
    List<String> args = new ArrayList<>(List.of("history", "--journal", journal.toString()));
    args.addAll(List.of(options));
    return Nsmon.run(args.toArray(String[]::new));
  }

  private static Result json(String... options) {
    return history(
            Stream.concat(Stream.of("-o", "json"), Stream.of(options)).toArray(String[]::new))
        .endedWith(0);
  }

  private static void awaitEvents(int count, String... options) {
    Child.eventually()
        .untilAsserted(() -> assertTrue(history(options).lines().size() >= count, serve::err));
  }

  private static List<String> kinds(Result result) {
    return Nsmon.json(result.lines()).stream()
        .filter(one -> !one.get("kind").asText().equals("synced"))
        .map(one -> one.get("kind").asText())
        .toList();
  }

  @Test
  void linesAreThoseThatTheJournalHas() throws SQLException {
    List<String> lines = json("--until", during.toString()).lines();
    List<String> records = new ArrayList<>();
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + journal);
        Statement sql = connection.createStatement();
        ResultSet row = sql.executeQuery("SELECT record FROM events ORDER BY seq")) {
      while (row.next() && records.size() < lines.size()) {
        records.add(row.getString(1));
      }
    }
    assertTrue(lines.size() > 10, () -> lines.size() + " lines");
    assertEquals(records, lines);
  }

  @Test
  void filtersAreThoseOfWatch() {
    assertEquals(
        List.of("namespace-created", "process-joined", "process-left", "namespace-destroyed"),
        kinds(json("--ns", key)));
    assertEquals(
        List.of("process-joined", "process-left"),
        kinds(json("--pid", "" + pid, "--type", "uts")).stream()
            .filter(kind -> kind.startsWith("process"))
            .toList());
    assertEquals(List.of("process-left"), kinds(json("--ns", key, "--event", "process-left")));
    assertEquals(List.of(), kinds(json("--ns", key, "--comm", "nobody-is-called-so")));
    assertEquals(List.of("namespace-created"), kinds(json("--ns", key, "--count", "1")));
  }

  @Test
  void timeIsFromSinceUpToUntil() {
    String begin = before.toString();
    String middle = during.toString();
    assertEquals(
        List.of("namespace-created", "process-joined"),
        kinds(json("--ns", key, "--since", begin, "--until", middle)));
    assertEquals(
        List.of("process-left", "namespace-destroyed"),
        kinds(json("--ns", key, "--since", middle)));
    assertEquals(List.of(), kinds(json("--ns", key, "--until", begin)));
    assertEquals(4, kinds(json("--ns", key, "--since", "10m")).size());
  }

  @Test
  void textHasTheDate() {
    String line =
        history("--ns", key, "--event", "namespace-destroyed").endedWith(0).lines().getLast();
    assertTrue(
        line.matches("20\\d\\d-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d\\.\\d{3} destroyed .*"), line);
  }

  @Test
  void momentShowsWhatThereWasThen() {
    assertEquals(0, at(before).size());
    assertEquals(0, at(after).size());
    JsonNode one = at(during).getFirst();
    assertEquals(1, one.get("processCount").asInt());
    assertEquals(pid, one.get("pids").get(0).asInt());
    Result text = history("--at", during.toString(), "--type", "uts").endedWith(0);
    String line = text.lines().stream().filter(row -> row.startsWith(inode)).findFirst().orElse("");
    assertTrue(
        line.matches(inode + " uts +\\d+ +1 +" + pid + " root +user:\\S+ +sleep"), text.out());
    assertTrue(text.err().contains("--include-initial"), text.err());
    assertEquals(1, text.err().lines().count());
  }

  /// The namespace of the test, if it was there.
  private static List<JsonNode> at(Instant time) {
    return Nsmon.json(json("--at", time.toString(), "--ns", key).lines());
  }

  @Test
  void ofInitialNamespacesNoNumberIsMadeUp() {
    for (JsonNode one : Nsmon.json(json("--at", during.toString()).lines())) {
      assertEquals(!one.get("initial").asBoolean(), one.has("processCount"), one::toString);
    }
  }

  @Test
  void treeOfThatMoment() {
    Result tree = history("--at", during.toString(), "--tree", "--type", "user").endedWith(0);
    assertTrue(tree.lines().getFirst().matches("user:\\[\\d+] user:\\d+ initial.*"), tree.out());
    assertTrue(tree.out().contains("─ " + uts + " "), tree.out());
    Result flat = history("--at", during.toString(), "--tree", "--type", "uts").endedWith(0);
    assertTrue(flat.out().contains(pid + " sleep"), flat.out());
    // Another's namespace may have the inode by then.
    Result later = history("--at", after.toString(), "--tree", "--type", "uts").endedWith(0);
    assertFalse(later.out().contains(pid + " sleep"), later.out());
  }

  @Test
  void beforeTheBeginningNothingIsKnown() {
    Result result = history("--at", "7d").endedWith(1);
    assertTrue(
        result
            .err()
            .startsWith("nsmon: the journal does not tell what there was then: it begins at 20"),
        result.err());
    assertEquals("", result.out());
  }

  @Test
  @Tag("full")
  void othersMayNotReadIt(@TempDir Path open) throws IOException {
    Result result = new Nobody(open).nsmon("history", "--journal", journal.toString());
    assertEquals(
        "nsmon: no permission to read the journal " + journal + "\n", result.endedWith(1).err());
    assertEquals("", result.out());
  }

  /// A user who may read the files and no more.
  @Test
  @Tag("full")
  void whoMayReadTheFilesCanReadIt(@TempDir Path open) throws IOException {
    Nobody nobody = new Nobody(open);
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    Child.start("chmod", "go+r", journal.toString(), journal + "-wal", journal + "-shm")
        .result()
        .endedWith(0);
    Result result =
        nobody.nsmon("history", "--journal", journal.toString(), "--ns", key, "-o", "json");
    assertEquals(4, kinds(result.endedWith(0)).size(), result::toString);
  }

  @Test
  void whatIsNoJournalIsSaidInOneLine() {
    Path none = directory.resolve("none.db");
    assertEquals(
        "nsmon: there is no journal " + none + "\n",
        Nsmon.run("history", "--journal", none.toString()).endedWith(1).err());
    assertEquals(
        "nsmon: /etc/passwd is not a journal\n",
        Nsmon.run("history", "--journal", "/etc/passwd").endedWith(1).err());
  }

  @Test
  void readerThatHasEnoughIsNoFailure() {
    Result result =
        Nsmon.shell(
            "\"$NSMON\" history --journal %s | head -n 1; echo ${PIPESTATUS[0]}"
                .formatted(journal));
    assertEquals("0", result.lines().getLast());
    assertEquals("", result.err());
  }
}
