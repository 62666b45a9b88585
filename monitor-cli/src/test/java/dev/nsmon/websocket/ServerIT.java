package dev.nsmon.websocket;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.nsmon.testing.Output;
import dev.nsmon.testing.Ran;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The door, with clients that behave: what they are answered, and how it begins and ends.
class ServerIT {
  private static final String PYTHON = "/usr/bin/python3";
  private static final String SECRET = "0123456789abcdef";

  @TempDir private Path directory;

  private static Served.With with() {
    return new Served.With();
  }

  private Path token() throws IOException {
    Path file = Files.writeString(directory.resolve("token"), SECRET);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  private static String curl(String... arguments) throws IOException {
    String[] command = {"curl", "-s", "-m", "10"};
    String[] all = Arrays.copyOf(command, command.length + arguments.length);
    System.arraycopy(arguments, 0, all, command.length, arguments.length);
    Ran.needs("curl");
    return Ran.of(all).said();
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void isSpokenToOverEitherTransport(Transport transport) throws IOException {
    assumeTrue(transport == Transport.NIO || Transport.best() == transport, "no native epoll");
    try (Served served = with().transport(transport).start()) {
      String words = transport == Transport.NIO ? "NIO" : "epoll";
      assertEquals(
          List.of("listening on http://127.0.0.1:" + served.port() + " (" + words + ")"),
          served.remarks);
      assertEquals("alive\n", curl(served.url("/livez")));
      served.letsInTheGood();
    }
  }

  @Test
  void answersCarryWhatEveryAnswerMust() throws IOException {
    try (Served served =
        with()
            .route(
                "/kept",
                _ ->
                    new Response(
                        200,
                        "text/plain",
                        "x".getBytes(UTF_8),
                        Map.of("Cache-Control", "max-age=60")))
            .start()) {
      String answer = curl("-i", served.url("/namespaces"));
      for (String line :
          List.of(
              "HTTP/1.1 200 OK",
              "content-type: application/json",
              "content-length: 2",
              "X-Content-Type-Options: nosniff",
              "cache-control: no-store",
              "Referrer-Policy: no-referrer")) {
        assertTrue(answer.contains(line + "\r\n"), answer);
      }
      assertTrue(answer.endsWith("\r\n\r\n{}"), answer);
      assertTrue(curl("-i", served.url("/kept")).contains("max-age=60"));
      String head = curl("-I", served.url("/namespaces"));
      assertTrue(head.contains("content-length: 2\r\n") && head.endsWith("\r\n\r\n"), head);
    }
  }

  @Test
  void refusalsAreOneLineOfText() throws IOException {
    try (Served served = with().start()) {
      assertEquals("404 there is nothing here by that name", refusal(served, "/nowhere"));
      assertEquals(
          "405 nothing can be changed here: use GET", refusal(served, "/livez", "-d", "x=1"));
      assertEquals(
          "400 a request has no content here", refusal(served, "/livez", "-X", "GET", "-d", "x"));
      assertEquals(
          "426 connect with a WebSocket, or send Accept: text/event-stream",
          refusal(served, "/events"));
      assertEquals(
          "403 pages of that origin may not connect, unless the server is told so",
          refusal(served, "/livez", "-H", "Origin: http://evil.example"));
      assertTrue(refusal(served, "/livez", "-H", "Host: evil.example").startsWith("421 "));
      assertTrue(refusal(served, "/namespaces?token=x").startsWith("400 a token never"));
      assertTrue(refusal(served, "/%zz").startsWith("400 the address has a %"));
    }
  }

  private static String refusal(Served served, String path, String... options) throws IOException {
    String[] all = Arrays.copyOf(options, options.length + 3);
    all[options.length] = "-w";
    all[options.length + 1] = "%{http_code}";
    all[options.length + 2] = served.url(path);
    String[] said = curl(all).split("\n", -1);
    assertEquals(2, said.length, () -> Arrays.toString(said));
    return said[1] + " " + said[0];
  }

  @Test
  void pipelinedRequestsAreAnsweredInTheirOrder() throws IOException {
    CountDownLatch later = new CountDownLatch(1);
    try (Served served =
            with()
                .route(
                    "/slow",
                    _ -> {
                      assertTrue(later.await(30, TimeUnit.SECONDS));
                      return Response.text(200, "slow");
                    })
                .start();
        RawClient client = served.connect()) {
      String slow = RawClient.request("GET /slow HTTP/1.1", "Host: localhost");
      String quick = RawClient.request("GET /livez HTTP/1.1", "Host: localhost");
      String last =
          RawClient.request("GET /namespaces HTTP/1.1", "Host: localhost", "Connection: close");
      client.send(slow + quick + quick + last);
      assertEquals("alive\n", curl(served.url("/livez")), "others do not wait");
      later.countDown();
      String answers = client.untilEnd().replaceAll("(?s)HTTP.*?\r\n\r\n", "");
      assertEquals("slow\nalive\nalive\n{}", answers);
    }
  }

  @Test
  void largeAnswerArrivesWhole() throws IOException {
    byte[] large = new byte[8 << 20];
    Arrays.fill(large, (byte) 'x');
    try (Served served = with().route("/large", _ -> Response.json(200, large)).start()) {
      assertEquals(
          "200 " + large.length,
          curl("-o", "/dev/null", "-w", "%{http_code} %{size_download}", served.url("/large")));
      assertEquals(
          "200 " + large.length,
          curl(
              "-0",
              "-o",
              "/dev/null",
              "-w",
              "%{http_code} %{size_download}",
              served.url("/large")));
    }
  }

  @Test
  void routeThatThrowsIsOurBugAndNotTheClients() throws IOException {
    try (Served served =
        with()
            .route(
                "/broken",
                _ -> {
                  throw new IllegalStateException("inner matters");
                })
            .start()) {
      for (int i = 0; i < 3; i++) {
        String answer = curl("-i", served.url("/broken"));
        assertTrue(answer.startsWith("HTTP/1.1 500 "), answer);
        assertFalse(answer.contains("inner"), answer);
      }
      assertEquals(2, served.remarks.size(), served.remarks::toString);
      assertTrue(served.remarks.getLast().startsWith("/broken has failed, which is a bug"));
      assertEquals("alive\n", curl(served.url("/livez")));
    }
  }

  @Test
  void serverSentEventsAreTailedWithCurl() throws IOException {
    try (Served served = with().start()) {
      Ran.needs("curl");
      String accept = "Accept: text/event-stream";
      Process curl =
          new ProcessBuilder("curl", "-s", "-i", "-N", "-H", accept, served.url("/events")).start();
      String said;
      try {
        Output output = Output.of(curl.getInputStream());
        for (String line = ""; !line.contains("\"synced\""); ) {
          line = output.line().orElseThrow();
        }
        said = output.soFar();
      } finally {
        curl.destroyForcibly();
      }
      assertTrue(said.startsWith("HTTP/1.1 200 OK\r\n"), said);
      assertTrue(said.contains("content-type: text/event-stream\r\n"), said);
      assertTrue(said.contains("transfer-encoding: chunked\r\n"), said);
      assertTrue(said.contains("cache-control: no-store\r\n"), said);
      assertTrue(said.contains("X-Accel-Buffering: no\r\n"), said);
      assertTrue(said.contains("\ndata: {"), said);
    }
  }

  @Test
  void subprotocolIsTheFirstThatIsOfferedAndSpoken() throws IOException {
    try (Served served = with().start()) {
      assertEquals(Optional.empty(), protocol(served, ""));
      assertEquals(Optional.empty(), protocol(served, "Sec-WebSocket-Protocol: mqtt"));
      assertEquals(
          Optional.of("cloudevents.json"),
          protocol(served, "Sec-WebSocket-Protocol: mqtt, cloudevents.json, nsmon.json"));
      assertEquals(
          Optional.of("nsmon.json"),
          protocol(served, "Sec-WebSocket-Protocol: " + Gate.TOKEN_PROTOCOL + "eA, nsmon.json"));
    }
  }

  private static Optional<String> protocol(Served served, String header) throws IOException {
    try (RawClient client = served.connect()) {
      client.send(RawClient.upgrade("localhost", header));
      String head = client.expect("HTTP/1.1 101");
      assertFalse(head.contains("xtensions"), head);
      client.awaitText("synced");
      return head.lines()
          .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("sec-websocket-prot"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst();
    }
  }

  @Test
  void libraryOfOthersConnectsWithTokenAndSubprotocol() throws IOException {
    assumeTrue(
        Files.isExecutable(Path.of(PYTHON))
            && Ran.of(PYTHON, "-c", "import websockets").code() == 0,
        "there is no python3-websockets on this machine");
    String program =
        """
        import asyncio, sys, websockets
        async def main(url, token):
            h = {"Authorization": "Bearer " + token}
            async with websockets.connect(
                url, extra_headers=h, subprotocols=["cloudevents.json"]) as ws:
                text = await asyncio.wait_for(ws.recv(), 10)
                print(ws.subprotocol, "specversion" in text, ws.extensions)
            try:
                await websockets.connect(url)
            except websockets.InvalidStatusCode as e:
                print(e.status_code)
        asyncio.run(main(*sys.argv[1:]))
        """;
    try (Served served = with().token(token()).start()) {
      String url = "ws://127.0.0.1:" + served.port() + "/events";
      assertEquals(
          "cloudevents.json True []\n401\n", Ran.of(PYTHON, "-c", program, url, SECRET).said());
      assertEquals("alive\n", curl(served.url("/livez")));
      assertTrue(curl("-i", served.url("/namespaces")).startsWith("HTTP/1.1 401 "));
      assertEquals("{}", curl("-H", "Authorization: Bearer " + SECRET, served.url("/namespaces")));
    }
  }

  @Test
  void clientsAreToldWhenTheServerEnds() throws IOException {
    Served served = with().start();
    try (RawClient socket = served.connect();
        RawClient idle = served.connect()) {
      socket.send(RawClient.upgrade("localhost"));
      socket.expect("HTTP/1.1 101");
      socket.awaitText("synced");
      idle.send(RawClient.request("GET /livez HTTP/1.1", "Host: localhost"));
      idle.expect("HTTP/1.1 200");
      served.close();
      assertEquals(1001, socket.awaitClose());
      assertEquals("alive\n", idle.untilEnd());
      assertThrows(IOException.class, served::connect);
    }
  }

  @Test
  @Tag("full")
  void restingConnectionIsClosedAfterAWhile() throws IOException {
    try (Served served = with().times(Served.QUICK).start();
        RawClient client = served.connect()) {
      long begin = System.nanoTime();
      client.send(RawClient.request("GET /livez HTTP/1.1", "Host: localhost"));
      client.expect("HTTP/1.1 200");
      assertEquals("alive\n", client.untilEnd());
      Duration rested = Duration.ofNanos(System.nanoTime() - begin);
      assertTrue(rested.toMillis() > 2_500, rested::toString);
    }
  }

  @Test
  void addressThatCantBeHadIsSaidInOneLine() throws IOException {
    try (ServerSocket taken = new ServerSocket(0)) {
      IOException inUse =
          assertThrows(IOException.class, () -> with().port(taken.getLocalPort()).start());
      assertEquals(
          "can't listen on 127.0.0.1:" + taken.getLocalPort() + ": Address already in use",
          inUse.getMessage());
    }
    Path token = token();
    IOException foreign =
        assertThrows(IOException.class, () -> with().address("192.0.2.1").token(token).start());
    assertEquals(
        "can't listen on 192.0.2.1:0: Cannot assign requested address", foreign.getMessage());
    assertThrows(IOException.class, () -> with().address("0.0.0.0").start());
  }

  /// All of IPv4 is not all.
  @ParameterizedTest
  @EnumSource(Transport.class)
  void listensWhereItIsToldToAndNowhereElse(Transport transport) throws IOException {
    assumeTrue(transport == Transport.NIO || Transport.best() == transport, "no native epoll");
    assumeTrue(hasLoopback6(), "this host has no ::1");
    try (Served four = with().transport(transport).address("0.0.0.0").token(token()).start();
        Served all = with().transport(transport).address("::").token(token()).start()) {
      connect("127.0.0.1", four);
      assertThrows(ConnectException.class, () -> connect("::1", four));
      assertTrue(four.remarks.getFirst().startsWith("listening on http://0.0.0.0:"), "IPv4");
      connect("127.0.0.1", all);
      connect("::1", all);
      assertTrue(all.remarks.getFirst().startsWith("listening on http://[::]:"), "all");
    }
  }

  private static boolean hasLoopback6() throws IOException {
    Path addresses = Path.of("/proc/net/if_inet6");
    return Files.exists(addresses) && Files.readString(addresses).contains("0".repeat(31) + "1");
  }

  private static void connect(String address, Served served) throws IOException {
    new Socket(InetAddress.ofLiteral(address), served.port()).close();
  }

  @Test
  void warnsWhereTheTokenCrossesTheNetworkInTheClear() throws IOException {
    try (Served served = with().address("0.0.0.0").token(token()).start()) {
      assertEquals(2, served.remarks.size(), served.remarks::toString);
      assertTrue(served.remarks.get(1).startsWith("without TLS"), served.remarks::toString);
      await().until(() -> curl(served.url("/livez")).equals("alive\n"));
    }
  }
}
