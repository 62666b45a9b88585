package dev.nsmon.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `nsmon serve --listen` as its clients meet it: curl, a WebSocket library of others, and nsmon
/// itself on the other end.
class ListenIT {
  private static final String PYTHON = "/usr/bin/python3";

  @TempDir private Path directory;

  @BeforeAll
  static void needs() {
    Needs.root();
    Needs.tool("unshare");
    Needs.tool("curl");
  }

  /// A process in a new uts namespace.
  private static Child sleeper() {
    return Child.start("unshare", "--uts", "sleep", "60").awaitComm("sleep");
  }

  private static String inode(Child child) {
    return child.namespace("uts").replaceAll("\\D", "");
  }

  @Test
  void curlTailsIt() {
    try (Served served = Served.start();
        Child curl = served.tail("?type=uts&event=namespace-created,namespace-destroyed")) {
      curl.awaitLine("event: synced"::equals);
      try (Child sleeper = sleeper()) {
        String inode = inode(sleeper);
        curl.awaitLine(line -> line.startsWith("data: ") && line.contains("\"inode\":" + inode));
      }
      curl.awaitLine("event: namespace-destroyed"::equals);
      List<String> ids = curl.lines().stream().filter(line -> line.startsWith("id: ")).toList();
      assertTrue(ids.size() >= 3, ids.toString());
      String last = ids.getLast().substring("id: ".length());

      // Who shows the id of the last record is told nothing of what came before.
      try (Child again =
          Child.start(
              "curl",
              "-s",
              "-N",
              "-H",
              "Accept: text/event-stream",
              "-H",
              "Last-Event-ID: " + last,
              served.http("/events?type=uts"))) {
        String next;
        try (Child sleeper = sleeper()) {
          next = inode(sleeper);
          again.awaitLine(line -> line.contains("\"inode\":" + next));
        }
        assertFalse(again.out().contains("event: synced"), again.out());
        String id = again.awaitLine(line -> line.startsWith("id: "));
        assertTrue(number(id) > number(last), id + " after " + last);
      }
    }
  }

  private static long number(String id) {
    return Long.parseLong(id.substring(id.indexOf('/') + 1));
  }

  @Test
  void aLibraryOfOthersIsToldTheStateThenAllAndTheEnd() throws IOException {
    assumeTrue(Files.isExecutable(Path.of(PYTHON)), "no Python of the system");
    assumeTrue(
        Nsmon.shell(PYTHON + " -c 'import websockets'").code() == 0, "no python3-websockets");
    String program =
        """
        import asyncio, sys, websockets
        async def main(url):
            async with websockets.connect(url, max_size=None) as ws:
                try:
                    async for text in ws:
                        print(text, flush=True)
                except websockets.ConnectionClosed as e:
                    pass
                print("closed", ws.close_code, flush=True)
        asyncio.run(main(sys.argv[1]))
        """;
    try (Served served = Served.start();
        Child client = Child.start(PYTHON, "-c", program, served.from() + "/events")) {
      client.awaitLine(line -> line.contains("\"kind\":\"synced\""));
      for (int i = 0; i < 20; i++) {
        try (Child sleeper = sleeper()) {
          String inode = inode(sleeper);
          client.awaitLine(line -> line.contains("\"inode\":" + inode));
        }
      }
      served.child().signal("TERM");
      served.child().result().endedWith(143);
      client.result().endedWith(0);
      List<String> lines = client.lines();
      assertEquals("closed 1001", lines.getLast());
      List<JsonNode> records = Nsmon.json(lines.subList(0, lines.size() - 1));
      List<Long> seqs = records.stream().filter(one -> one.has("seq")).map(ListenIT::seq).toList();
      assertEquals(seqs.getFirst() + seqs.size() - 1, seqs.getLast(), "without a gap, each once");
      JsonNode synced = records.get(records.size() - seqs.size());
      assertEquals("synced", synced.get("kind").asText());
      assertTrue(synced.at("/counts/processes").asInt() > 0, synced::toString);
    }
  }

  private static long seq(JsonNode record) {
    return record.get("seq").asLong();
  }

  private static Set<String> keys(List<String> lines) {
    Set<String> keys = new TreeSet<>();
    Nsmon.json(lines).forEach(one -> keys.add(one.at("/key").asText()));
    return keys;
  }

  @Test
  void listAndTreeFromAfarAreTheSame() {
    try (Child sleeper = sleeper();
        Served served = Served.start()) {
      Child.eventually().until(() -> served.ask("/namespaces").contains(inode(sleeper)));
      // Of one type, for other tests of this host come and go.
      String pid = "" + sleeper.pid();
      Result here = Nsmon.run("list", "-o", "json", "--pid", pid);
      Result there = Nsmon.run("list", "-o", "json", "--pid", pid, "--from", served.from());
      assertEquals(8, here.lines().size());
      assertEquals(keys(here.lines()), keys(there.lines()));
      Result tree = Nsmon.run("tree", "--type", "uts", "--from", served.from());
      assertTrue(tree.out().contains(inode(sleeper)), tree::toString);
    }
  }

  /// The monitor ends and comes back with its journal; whoever watches it from afar misses nothing.
  @Test
  @Tag("full")
  void watchFromAfarGoesOnOverARestart() throws IOException {
    String journal = directory.resolve("journal.db").toString();
    int port;
    Child watch;
    String first;
    String between;
    try (Served served = Served.with(List.of("--journal", journal, "--listen", "127.0.0.1:0"))) {
      port = served.port();
      watch = Nsmon.start("watch", "--from", served.from(), "-o", "json");
      watch.awaitLine(line -> line.contains("synced"));
      try (Child sleeper = sleeper()) {
        first = inode(sleeper);
        watch.awaitLine(line -> line.contains("\"inode\":" + first));
      }
      served.child().signal("TERM");
      served.child().result().endedWith(143);
    }
    try (watch;
        Child sleeper = sleeper()) {
      between = inode(sleeper);
      try (Served _ = Served.with(List.of("--journal", journal, "--listen", "127.0.0.1:" + port))) {
        watch.awaitLine(line -> line.contains("\"inode\":" + between));
        watch.signal("TERM");
        List<JsonNode> records =
            Nsmon.json(watch.result().endedWith(143).lines()).stream()
                .filter(one -> one.has("seq"))
                .toList();
        List<Long> seqs = records.stream().map(ListenIT::seq).toList();
        assertEquals(seqs.getFirst() + seqs.size() - 1, seqs.getLast(), seqs::toString);
        assertEquals(seqs.size(), Set.copyOf(seqs).size());
        List<JsonNode> kept = Journaled.records(Path.of(journal));
        // The first ends the state that was told, and only has the number of the event before.
        records
            .subList(1, records.size())
            .forEach(one -> assertTrue(kept.contains(one), one::toString));
      }
    }
  }

  @Test
  void probesAndFiguresTellOfAllParts() {
    String journal = directory.resolve("journal.db").toString();
    try (Served served = Served.with(List.of("--journal", journal, "--listen", "127.0.0.1:0"));
        Child watch = Nsmon.start("watch", "--from", served.from())) {
      watch.awaitLine(line -> line.contains("synced"));
      assertEquals("ok\n", served.ask("/livez"));
      Child.eventually()
          .until(() -> served.ask("/metrics").lines().anyMatch("nsmon_clients 1.0"::equals));
      try (Child _ = sleeper()) {
        Child.eventually()
            .until(
                () ->
                    served
                        .ask("/metrics")
                        .lines()
                        .anyMatch(
                            line -> line.matches("nsmon_namespaces\\{type=\"uts\"} [2-9].*")));
      }
      String metrics = served.ask("/metrics");
      for (String name :
          List.of(
              "nsmon_events_total{kind=\"process-joined\",type=\"uts\"} ",
              "nsmon_stream_seq ",
              "nsmon_journal_bytes ",
              "nsmon_processes ",
              "nsmon_sink_lag_events{sink=\"clients\"} ",
              "nsmon_source_up{source=")) {
        assertTrue(metrics.contains("\n" + name), name + "\n" + metrics);
      }
      JsonNode ready = Nsmon.json(served.ask("/readyz"));
      assertTrue(ready.get("ready").asBoolean(), ready::toString);
      assertEquals(1, ready.get("clients").asInt(), ready::toString);
      assertEquals("3.0.0", Nsmon.json(served.ask("/asyncapi.json")).get("asyncapi").asText());
    }
  }

  @Test
  void aTokenAndTlsGuardAllButThePage() throws IOException {
    Needs.tool("openssl");
    Nsmon.shell(
            """
            cd %s && openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem \
              -days 2 -subj /CN=nsmon-test -addext subjectAltName=IP:127.0.0.1 2>&1
            """
                .formatted(directory))
        .endedWith(0);
    Path token = Served.secret(directory.resolve("token"), "a-secret-of-some-length");
    String certificate = directory.resolve("cert.pem").toString();
    String key = directory.resolve("key.pem").toString();
    try (Served served =
        Served.start(
            "--token-file", token.toString(), "--tls-cert", certificate, "--tls-key", key)) {
      String status = "-o/dev/null";
      String format = "-w%{http_code}";
      for (String open : List.of("/", "/livez", "/readyz", "/asyncapi.json")) {
        assertEquals("200", served.ask(open, status, format, "--cacert", certificate), open);
      }
      for (String closed : List.of("/events", "/namespaces", "/metrics")) {
        assertEquals("401", served.ask(closed, status, format, "--cacert", certificate), closed);
      }
      Result none = Nsmon.run("list", "--from", served.from(), "--tls-ca", certificate);
      none.endedWith(1);
      assertEquals(1, none.err().lines().count(), none::toString);
      Nsmon.run(
              "list",
              "--from",
              served.from(),
              "--tls-ca",
              certificate,
              "--token-file",
              token.toString())
          .endedWith(0);
      Nsmon.run(
              "watch",
              "--from",
              served.from(),
              "--tls-ca",
              certificate,
              "--token-file",
              token.toString(),
              "--baseline",
              "--count",
              "3")
          .endedWith(0);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--listen=:0                        | can be reached from elsewhere",
        "--listen=8470                      | is no address to listen at: 127.0.0.1:8470",
        "--listen=127.0.0.1:70000           | is no address to listen at",
        "--listen=no-such-host.invalid:1    | no address that this host knows",
        "--token-file=/t                    | --token-file needs --listen",
        "--tls-client-ca=/t                 | --tls-client-ca needs --listen",
        "--listen --tls-cert=/t             | --tls-cert and --tls-key go together",
        "--listen --tls-client-ca=/t        | --tls-client-ca needs --tls-cert",
      })
  void badOptionsAreSaidInOneLine(String options, String words) {
    Result result = Refusals.run(("serve --journal none " + options).split(" +"));
    result.endedWith(2);
    assertTrue(result.err().lines().findFirst().orElseThrow().contains(words), result::toString);
    assertEquals("", result.out());
  }

  @Test
  @Tag("full")
  void whatCantBeHadIsSaidInOneLine() {
    try (Served served = Served.start()) {
      Result taken =
          Nsmon.run("serve", "--journal", "none", "--listen", "127.0.0.1:" + served.port());
      taken.endedWith(1);
      assertEquals(
          "nsmon: can't listen on 127.0.0.1:" + served.port() + ": Address already in use\n",
          taken.err());
    }
    Result file =
        Nsmon.run(
            "serve", "--journal", "none", "--listen", "127.0.0.1:0", "--token-file", "/no/such");
    file.endedWith(3);
    assertEquals(1, file.err().lines().count(), file::toString);
    assertTrue(file.err().contains("/no/such"), file::toString);
  }
}
