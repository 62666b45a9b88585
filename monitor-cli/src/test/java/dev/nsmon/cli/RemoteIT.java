package dev.nsmon.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.nsmon.testing.ReservedPort;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `--from ws://`: a monitor elsewhere in the terminal, across all that happens to connections.
final class RemoteIT {
  @TempDir private Path directory;

  private static List<Long> seqs(List<String> lines) {
    return Nsmon.json(lines).stream()
        .filter(one -> !one.get("kind").asText().equals("synced"))
        .map(one -> one.path("seq").asLong())
        .toList();
  }

  private static List<Long> upTo(long last) {
    return LongStream.rangeClosed(1, last).boxed().toList();
  }

  @Test
  void whatIsToldIsWrittenAsItIs() {
    String hostile = Told.left("s", 2, "\\u001b[31m\\u202e");
    try (RemoteServer server =
        new RemoteServer(
            client -> client.accept().tell(Told.synced("s", 1), Told.left("s", 2), hostile))) {
      Result json = Nsmon.run("watch", "--from", server.place(), "-o", "json", "--count", "1");
      json.endedWith(0);
      assertEquals(List.of(Told.synced("s", 1), Told.left("s", 2)), json.lines());
      assertEquals("", json.err());
      assertEquals(List.of("false"), server.asked().getFirst().values("baseline"));
    }
    try (RemoteServer server =
        new RemoteServer(client -> client.accept().tell(Told.synced("s", 1), hostile))) {
      Result text = Nsmon.run("watch", "--from", server.place(), "--count", "1");
      text.endedWith(0);
      assertTrue(text.out().contains("node-1") && text.out().contains("\\x1b[31m"), text.out());
      assertFalse(text.out().contains("\u001b[31m"), text.out());
    }
  }

  @Test
  void filtersAreTheMonitorsToEvaluate() {
    try (RemoteServer server =
        new RemoteServer(
            client ->
                client.accept().tell(Told.created("s"), Told.synced("s", 1), Told.left("s", 2)))) {
      Result result =
          Nsmon.run(
              "watch",
              "--from",
              server.place(),
              "--baseline",
              "-o",
              "json",
              "--count",
              "2",
              "--type",
              "net,uts",
              "--comm",
              "a b",
              "--comm",
              "c&d",
              "--pid",
              "1002",
              "--ns",
              "net:[4026532177]",
              "--event",
              "process-left,namespace-created",
              "--container",
              "3f2a");
      // What the monitor lets pass is not filtered again by anything but this host.
      result.endedWith(0);
      RemoteServer.Asked asked = server.asked().getFirst();
      assertEquals("/events", asked.path());
      assertEquals(List.of("net,uts"), asked.values("type"));
      assertEquals(List.of("a b,c&d"), asked.values("comm"));
      assertEquals(List.of("1002"), asked.values("pid"));
      assertEquals(List.of("net:[4026532177]"), asked.values("ns"));
      assertEquals(List.of("process-left,namespace-created"), asked.values("event"));
      assertEquals(List.of("3f2a"), asked.values("container"));
      assertEquals(List.of(), asked.values("baseline"));
      assertEquals(List.of(), asked.values("since"));
    }
  }

  @Test
  void afterACutItGoesOnWhereItWas() {
    try (RemoteServer server =
        new RemoteServer(
            client -> {
              switch (client.number()) {
                case 0 -> {
                  client.accept().tell(Told.synced("s", 1));
                  client.tell(Told.left("s", 2, 5));
                  client.cut();
                }
                case 1 -> client.answer(503, "too many clients\n");
                // One record comes again, as it should not.
                case 2 -> {
                  client.accept().tell(Told.left("s", client.asked().since(), 8));
                  client.end(1001, "the monitor ends");
                }
                default -> client.accept().tell(Told.left("s", client.asked().since() + 1, 10));
              }
            })) {
      Result result = Nsmon.run("watch", "--from", server.place(), "-o", "json", "--count", "9");
      result.endedWith(0);
      assertEquals(upTo(10).subList(1, 10), seqs(result.lines()));
      assertEquals(4, server.asked().size());
      for (RemoteServer.Asked one : server.asked().subList(1, 4)) {
        assertEquals(List.of("s"), one.values("stream"));
      }
      assertEquals(8, server.asked().get(3).since());
      List<String> said = result.err().lines().toList();
      assertEquals(4, said.size(), result.err());
      assertTrue(said.get(0).endsWith("; trying again"), result.err());
      assertEquals(
          "nsmon: "
              + server.place()
              + ": connected, going on after seq "
              + server.asked().get(2).since(),
          said.get(1));
      assertEquals(
          "nsmon: " + server.place() + ": closed with 1001 the monitor ends; trying again",
          said.get(2));
    }
  }

  @Test
  void whatIsTooOldIsLostAndWhatIsOfAnotherStreamToo() {
    try (RemoteServer server =
        new RemoteServer(
            client -> {
              client.accept();
              switch (client.number()) {
                case 0 -> client.tell(Told.synced("s", 1), Told.left("s", 2));
                case 1 -> client.tell(Told.lost("s", 3, 6), Told.synced("s", 7), Told.left("s", 8));
                case 2 -> client.tell(Told.lost("t"), Told.synced("t", 3), Told.left("t", 4));
                default -> client.tell(Told.left("t", 5));
              }
              client.end(1001, "");
            })) {
      Result result = Nsmon.run("watch", "--from", server.place(), "-o", "json", "--count", "4");
      result.endedWith(0);
      assertEquals(
          List.of(
              Told.synced("s", 1),
              Told.left("s", 2),
              Told.lost("s", 3, 6),
              Told.synced("s", 7),
              Told.left("s", 8),
              Told.lost("t"),
              Told.synced("t", 3),
              Told.left("t", 4),
              Told.left("t", 5)),
          result.lines());
      assertEquals(8, server.asked().get(2).since());
      assertEquals(4, server.asked().get(3).since());
      assertEquals(List.of("t"), server.asked().get(3).values("stream"));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "401 | a token is demanded",
        "403 | this origin may not",
        "400 | 'tpye' can't be asked for: one of type, pid",
        "404 | nothing there",
      })
  @Tag("full")
  void whatIsRefusedAtFirstIsRefused(int status, String line) {
    try (RemoteServer server = new RemoteServer(client -> client.answer(status, line + "\n"))) {
      for (String command : List.of("watch", "list", "tree")) {
        Result result = Nsmon.run(command, "--from", server.place());
        result.endedWith(1);
        assertEquals("", result.out());
        assertEquals(
            "nsmon: " + server.place() + " answers " + status + ": " + line + "\n", result.err());
      }
      assertEquals(3, server.asked().size());
    }
  }

  @Test
  void theTokenIsShownAndReadAnewForEachConnection() throws IOException {
    Path token = Files.writeString(directory.resolve("token"), "first-secret-first\n");
    try (RemoteServer server =
        new RemoteServer(
            client -> {
              if (client.number() == 0) {
                client.accept().tell(Told.synced("s", 1));
                write(token, "second-secret-second");
                client.cut();
              } else {
                client.accept().tell(Told.left("s", 2));
              }
            })) {
      Nsmon.run("watch", "--from", server.place(), "--token-file", token.toString(), "--count", "1")
          .endedWith(0);
      assertEquals(
          List.of(
              Optional.of("Bearer first-secret-first"), Optional.of("Bearer second-secret-second")),
          server.asked().stream().map(RemoteServer.Asked::authorization).toList());
      write(token, "\n");
      Result result = Nsmon.run("list", "--from", server.place(), "--token-file", token.toString());
      result.endedWith(1);
      assertEquals("nsmon: there is no token in " + token + "\n", result.err());
    }
    Result none = Nsmon.run("watch", "--from", "ws://127.0.0.1:1", "--token-file", "/none/such");
    none.endedWith(1);
    assertEquals("nsmon: can't read the token: /none/such: no such file\n", none.err());
  }

  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void whatIsNoRecordIsPassedOver() {
    String long1 = "x".repeat(100_000);
    try (RemoteServer server =
        new RemoteServer(
            client -> {
              client.accept().tell("", "{", "[1]", "\u001b]0;x\u0007", "{\"schema\":2}", long1);
              client.tell(Told.synced("s", 1), "null", Told.left("s", 2));
            })) {
      Result result = Nsmon.run("watch", "--from", server.place(), "-o", "json", "--count", "1");
      result.endedWith(0);
      assertEquals(List.of(Told.synced("s", 1), Told.left("s", 2)), result.lines());
      assertEquals(1, result.err().lines().count(), result.err());
      assertTrue(
          result.err().contains("passed over what is no record of nsmon: not a JSON object"),
          result.err());
    }
  }

  @Test
  void whatANewerMonitorTellsIsHandedOnAsItCame() {
    String left = Told.left("s", 2);
    List<String> newer =
        List.of(
            left.replaceFirst("\"source\":\"[a-z-]+\"", "\"source\":\"bpf\""),
            Told.left("s", 3).replace("process-left", "process-frozen"),
            Told.left("s", 4).replace("{\"schema\":1", "{\"schema\":1,\"rack\":{\"u\":[4]}"),
            Told.left("s", 5).replace("\"inode\":", "\"notinode\":"));
    try (RemoteServer server =
        new RemoteServer(
            client -> {
              client.accept().tell(Told.synced("s", 1));
              newer.forEach(client::tell);
            })) {
      Result json = Nsmon.run("watch", "--from", server.place(), "-o", "json", "--count", "4");
      json.endedWith(0);
      assertEquals(newer, json.lines().subList(1, 5));
      assertEquals("", json.err());
      Result text = Nsmon.run("watch", "--from", server.place(), "--count", "4");
      text.endedWith(0);
      assertEquals(5, text.lines().size(), text::out);
      assertTrue(text.lines().get(2).contains("process-frozen"), text::out);
      assertEquals("", text.err());
    }
  }

  @Test
  @Tag("full")
  void aMonitorThatIsNotThereYetIsWaitedFor() throws IOException {
    try (ReservedPort port = ReservedPort.open()) {
      String place = "ws://127.0.0.1:" + port.number();
      try (Child watch = Nsmon.start("watch", "--from", place)) {
        Child.eventually().until(() -> watch.err().contains("trying again"));
        assertEquals("nsmon: " + place + ": can't be reached; trying again\n", watch.err());
        watch.signal("TERM");
        watch.result().endedWith(143);
      }
      Result list = Nsmon.run("list", "--from", place);
      list.endedWith(1);
      assertEquals("nsmon: " + place + ": can't be reached\n", list.err());
    }
    Result unknown = Nsmon.run("list", "--from", "ws://no-such-host.invalid:1");
    unknown.endedWith(1);
    assertEquals("nsmon: ws://no-such-host.invalid:1: unknown host\n", unknown.err());
  }

  @Test
  @Tag("full")
  void timeAndReaderEndIt() {
    try (RemoteServer server =
        new RemoteServer(client -> client.accept().tell(Told.synced("s", 1)))) {
      // How long it takes to connect is the machine's.
      List<String> timed = List.of();
      for (int seconds = 1; timed.isEmpty() && seconds < 20; seconds *= 3) {
        String[] watch = {"watch", "--from", server.place(), "--duration", seconds + "s", "-ojson"};
        timed = Nsmon.run(watch).endedWith(0).lines();
      }
      assertEquals(List.of(Told.synced("s", 1)), timed);
      Result piped =
          Nsmon.shell("timeout 20 \"$NSMON\" watch --from " + server.place() + " | true");
      piped.endedWith(0);
    }
  }

  @Test
  @Tag("full")
  void aReaderThatRestsHoldsUpTheMonitorAndLosesNothing() {
    int many = 20_000;
    try (RemoteServer server =
            new RemoteServer(
                client -> {
                  client.accept().tell(Told.synced("s", 1));
                  client.tell(Told.left("s", 2, many));
                });
        Child watch =
            Child.unread(
                Nsmon.nsmon(
                    "watch", "--from", server.place(), "-o", "json", "--count", many - 1 + ""))) {
      Child.eventually().until(() -> watch.unreadBytes() > 30_000);
      watch.read();
      Result result = watch.result();
      result.endedWith(0);
      assertEquals(upTo(many).subList(1, many), seqs(result.lines()));
    }
  }

  private static final String PRESENT =
      """
      {"schema":1,"stream":"s","seq":9,"time":"2026-11-23T10:00:00.123456Z",\
      "host":{"name":"node-1","id":"m"},"new":{"a":[1]},"namespaces":[\
      {"type":"pid","inode":4026531836,"id":"1","key":"pid:1","initial":true,\
      "processCount":68,"pids":[1]},\
      {"type":"pid","inode":4026532178,"id":"811","key":"pid:811","initial":false,\
      "parent":"pid:1","holders":[{"kind":"fd","pid":12,"fd":3}],"processCount":2,"pids":[7,8]},\
      {"type":"net","inode":4026532177,"id":"810","key":"net:810","initial":false,\
      "processCount":2,"pids":[7,8]}]}
      """;

  @Test
  void listAndTreeShowWhatThereIs() {
    try (RemoteServer server = new RemoteServer(client -> client.answer(200, PRESENT))) {
      Result json =
          Nsmon.run(
              "list", "--from", server.place(), "-o", "json", "--type", "net,pid", "--pid", "7");
      json.endedWith(0);
      List<JsonNode> lines = Nsmon.json(json.lines());
      List<JsonNode> expected = new ArrayList<>();
      Nsmon.json(PRESENT).get("namespaces").forEach(expected::add);
      expected.sort((a, b) -> Long.compare(a.get("inode").asLong(), b.get("inode").asLong()));
      assertEquals(expected, lines);
      assertEquals("/namespaces", server.asked().getFirst().path());
      assertEquals(List.of("net,pid"), server.asked().getFirst().values("type"));
      assertEquals(List.of("7"), server.asked().getFirst().values("pid"));

      Result table = Nsmon.run("list", "--from", server.place());
      table.endedWith(0);
      assertEquals(4, table.lines().size());
      assertTrue(table.lines().get(2).contains("4026532177"), table.out());

      Result tree = Nsmon.run("tree", "--from", server.place());
      tree.endedWith(0);
      assertEquals(
          List.of(
              "node-1",
              "pid:[4026531836] pid:1 68 processes, initial",
              "└─ pid:[4026532178] pid:811 2 processes, held by fd 12/3"),
          tree.lines());
    }
  }

  @ParameterizedTest
  @Tag("full")
  @CsvSource(
      delimiter = '|',
      value = {
        "hello                   | not JSON: Unrecognized token 'hello'",
        "[]                      | not a JSON object",
        "{\"schema\":1}          | namespaces: missing",
        "{\"schema\":2}          | schema: 2, and only 1 is known",
      })
  void anAnswerThatIsNoneIsSaidToBeNone(String body, String why) {
    try (RemoteServer server = new RemoteServer(client -> client.answer(200, body))) {
      Result result = Nsmon.run("list", "--from", server.place());
      result.endedWith(1);
      assertTrue(
          result.err().startsWith("nsmon: " + server.place() + ": no answer of nsmon: " + why),
          result.err());
      assertEquals(1, result.err().lines().count());
    }
  }

  @Test
  @Tag("full")
  void overTlsOnlyWhoIsTrustedIsRead() throws Exception {
    Needs.tool("openssl");
    Nsmon.shell(
            """
            cd %s && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes \
              -keyout key.pem -out cert.pem \
              -days 2 -subj /CN=nsmon-test -addext subjectAltName=IP:127.0.0.1 2>&1
            """
                .formatted(directory))
        .endedWith(0);
    Path certificate = directory.resolve("cert.pem");
    try (RemoteServer server =
        new RemoteServer(
            client -> {
              if (client.asked().path().equals("/events")) {
                client.accept().tell(Told.left("s", 1));
              } else {
                client.answer(200, PRESENT);
              }
            },
            Optional.of(
                SslContextBuilder.forServer(
                        certificate.toFile(), directory.resolve("key.pem").toFile())
                    .sslProvider(SslProvider.JDK)
                    .build()))) {
      String place = "wss://" + server.address();
      Nsmon.run("watch", "--from", place, "--tls-ca", certificate.toString(), "--count", "1")
          .endedWith(0);
      Nsmon.run("list", "--from", place, "--tls-ca", certificate.toString()).endedWith(0);
      for (String command : List.of("watch", "list")) {
        Result strange = Nsmon.run(command, "--from", place);
        strange.endedWith(1);
        assertTrue(strange.err().startsWith("nsmon: " + place + ": TLS: "), strange.err());
        assertTrue(strange.err().contains("--tls-ca FILE names who"), strange.err());
        assertEquals(1, strange.err().lines().count());
      }
    }
    Result noCa =
        Nsmon.run("list", "--from", "wss://127.0.0.1:1", "--tls-ca", directory + "/key.pem");
    noCa.endedWith(1);
    assertTrue(noCa.err().startsWith("nsmon: there is no certificate in "), noCa.err());
  }
}
