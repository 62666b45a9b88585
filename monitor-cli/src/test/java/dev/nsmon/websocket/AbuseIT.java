package dev.nsmon.websocket;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The door, with clients that mean it ill: each is refused by the code that says why, and somebody
/// who behaves is let in all the same.
class AbuseIT {
  private static final int SLOW_ONES = 1_000;

  @TempDir private Path directory;

  private static Served.With with() {
    return new Served.With();
  }

  /// Here another limit is looked at.
  private static final ListenSettings.Pending ANY =
      new ListenSettings.Pending(1_000_000, 1_000_000, 64 << 10, Duration.ofMinutes(5));

  private static void closeAll(List<RawClient> clients) throws IOException {
    for (RawClient client : clients) {
      client.close();
    }
  }

  @Test
  void thousandWhoDribbleAreHungUpOnAndHoldUpNobody() throws IOException {
    List<RawClient> slow = new ArrayList<>();
    try (Served served = with().times(Served.QUICK).pending(ANY).start()) {
      for (int i = 0; i < SLOW_ONES; i++) {
        slow.add(served.connect());
        slow.getLast().send("GET /livez HTTP/1.1\r\nHost: localhost\r\n");
      }
      served.letsInTheGood();
      // Silence would be told from a dribble if the time began anew with each byte.
      RawClient dribbling = slow.getFirst();
      await()
          .ignoreExceptions()
          .pollInterval(Duration.ofMillis(200))
          .until(
              () -> {
                dribbling.send("X");
                return dribbling.hasMore();
              });
      for (RawClient client : slow) {
        String answer = client.untilEnd();
        assertTrue(answer.startsWith("HTTP/1.1 408 "), answer);
      }
      served.letsInTheGood();
    } finally {
      closeAll(slow);
    }
  }

  @Test
  @Tag("full")
  void secondRequestThatDribblesIsHungUpOnToo() throws IOException {
    try (Served served = with().times(Served.QUICK).start();
        RawClient client = served.connect()) {
      client.send(RawClient.request("GET /livez HTTP/1.1", "Host: localhost"));
      client.expect("HTTP/1.1 200");
      client.send("GET /li");
      String rest = client.untilEnd();
      assertTrue(rest.startsWith("alive\nHTTP/1.1 408 "), rest);
    }
  }

  @Test
  @Tag("full")
  void silentConnectionIsHungUpOn() throws IOException {
    try (Served served = with().times(Served.QUICK).start();
        RawClient client = served.connect()) {
      assertTrue(client.untilEnd().startsWith("HTTP/1.1 408 "));
    }
  }

  @Test
  void headThatIsTooLargeIsRefused() throws IOException {
    try (Served served = with().start()) {
      String long4 = "x".repeat(5_000);
      assertRefused(served, 414, "GET /" + long4 + " HTTP/1.1", "Host: localhost");
      assertRefused(served, 431, "GET / HTTP/1.1", "Host: localhost", "X: " + long4 + long4);
      // Far more than is read, so that the rest is still on its way when the answer comes.
      String[] many = new String[20_000];
      Arrays.fill(many, "X: " + "y".repeat(100));
      many[0] = "GET / HTTP/1.1";
      assertRefused(served, 431, many);
      served.letsInTheGood();
    }
  }

  @Test
  void whatIsNoRequestIsRefused() throws IOException {
    try (Served served = with().start()) {
      assertRefused(served, 400, "nonsense");
      assertRefused(served, 400, "\u0016\u0003\u0001\u0002\u0000\u0001");
      assertRefused(served, 400, "GET / HTTP/1.1", "Host: localhost", "Host: localhost");
      assertRefused(served, 400, "GET / HTTP/1.1", "no colon");
      assertRefused(served, 400, "GET http://localhost/ HTTP/1.1", "Host: localhost");
      assertRefused(
          served, 400, "GET /livez HTTP/1.1", "Host: localhost", "Transfer-Encoding: chunked");
      assertRefused(served, 400, "GET /livez HTTP/1.1", "Host: localhost", "Content-Length: 5");
      served.letsInTheGood();
    }
  }

  private static void assertRefused(Served served, int status, String... lines) throws IOException {
    try (RawClient client = served.connect()) {
      client.send(RawClient.request(lines));
      String answer = client.untilEnd();
      assertTrue(answer.startsWith("HTTP/1.1 " + status + " "), answer);
      assertTrue(answer.contains("connection: close\r\n"), answer);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "evil.example, '',                                     421",
    "localhost,    'Origin: http://evil.example',          403",
    "localhost,    'Origin: null',                         403",
    "localhost,    'Origin: https://ops.example',          401",
    "localhost,    '',                                     401",
    "localhost,    'Authorization: Bearer 0123456789abcdeX', 401",
    "localhost,    'Authorization: Bearer 0123456789abcdef', 101"
  })
  void whoMayNotConnectIsRefusedBeforeTheUpgrade(String host, String header, int status)
      throws IOException {
    Path token = Files.writeString(directory.resolve("token"), "0123456789abcdef");
    Files.setPosixFilePermissions(token, PosixFilePermissions.fromString("rw-------"));
    try (Served served = with().token(token).start();
        RawClient client = served.connect()) {
      client.send(RawClient.upgrade(host, header));
      client.expect("HTTP/1.1 " + status + " ");
    }
  }

  @Test
  void tokenInTheAddressIsRefusedBeforeTheUpgrade() throws IOException {
    try (Served served = with().start();
        RawClient client = served.connect()) {
      client.send(RawClient.upgrade("localhost").replace("/events", "/events?token=x"));
      client.expect("HTTP/1.1 400 ");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'Sec-WebSocket-Version: 13',                       'Sec-WebSocket-Version: 8',  426",
    "'Sec-WebSocket-Version: 13',                       'X: x',                      426",
    "'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',     'X: x',                      400",
    "'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',     'Sec-WebSocket-Key: c2hvcnQ=', 400",
    "'Connection: Upgrade',                             'Connection: close',         400",
    "'Upgrade: websocket',                              'Upgrade: h2c',              426",
    "'GET /events HTTP/1.1',                            'GET /events HTTP/1.0',      426",
    "'GET /events HTTP/1.1',                            'GET /events?typ=x HTTP/1.1', 400"
  })
  void handshakeThatIsNoneIsRefused(String line, String instead, int status) throws IOException {
    try (Served served = with().start();
        RawClient client = served.connect()) {
      String upgrade = RawClient.upgrade("localhost");
      assertTrue(upgrade.contains(line), line);
      client.send(upgrade.replace(line, instead));
      client.expect("HTTP/1.1 " + status + " ");
      client.untilEnd();
    }
  }

  /// Frames in hexadecimal: RFC 6455 section 5.2.
  @ParameterizedTest
  @CsvSource({
    // Text of 4,097 bytes, of 1 GiB, and of more than there can be.
    "81 fe 10 01 00000000,         1009",
    "81 ff 0000000040000000 00000000, 1009",
    "81 ff 7fffffffffffffff 00000000, 1009",
    // Text, and a ping, that are not masked.
    "81 02 41 41,                  1002",
    "89 00,                        1002",
    // Opcodes that are none, reserved bits.
    "83 80 00000000,               1002",
    "8f 80 00000000,               1002",
    "c1 80 00000000,               1002",
    // A ping in fragments, and one of more than 125 bytes.
    "09 80 00000000,               1002",
    "89 fe 0080 00000000,          1002",
    // The continuation of nothing.
    "80 80 00000000,               1002",
    // A close with half a code, and with one that may not be sent.
    "88 81 00000000 03,            1002",
    "88 82 00000000 03ed,          1002"
  })
  void frameThatBreaksTheProtocolEndsItWithTheRightCode(String frame, int code) throws IOException {
    try (Served served = with().start();
        RawClient client = served.connect()) {
      client.send(RawClient.upgrade("localhost"));
      client.expect("HTTP/1.1 101");
      client.awaitText("synced");
      client.send(HexFormat.of().parseHex(frame.replace(" ", "")));
      // What else it would say does no harm.
      client.send(new byte[100_000]);
      assertEquals(code, client.awaitClose());
      client.untilEnd();
      served.letsInTheGood();
    }
  }

  @Test
  void connectionsAreLimitedInAll() throws IOException {
    List<RawClient> clients = new ArrayList<>();
    try (Served served = with().limits(500, 1_000_000).pending(ANY).start()) {
      for (int i = 0; i < 2_000; i++) {
        clients.add(served.connect());
      }
      List<RawClient> admitted = turnedAwayBut(500, clients);
      for (RawClient client : admitted) {
        client.send(RawClient.request("GET /livez HTTP/1.1", "Host: localhost"));
        client.expect("HTTP/1.1 200");
      }
      // A crowd that is turned away is not let go with care: some are reset.
      await().ignoreExceptions().until(() -> isFull(served));
      admitted.getFirst().close();
      await().until(() -> !isFull(served));
    } finally {
      closeAll(clients);
    }
  }

  /// Waits until all but so many have been turned away, whichever they are: those are handed back.
  private static List<RawClient> turnedAwayBut(int admitted, List<RawClient> clients)
      throws IOException {
    List<RawClient> silent = new ArrayList<>(clients);
    await()
        .until(
            () -> {
              for (RawClient client : List.copyOf(silent)) {
                if (client.hasMore()) {
                  silent.remove(client);
                  String answer = client.untilEnd();
                  assertTrue(answer.startsWith("HTTP/1.1 503 "), answer);
                  assertTrue(answer.contains("Retry-After: "), answer);
                  assertTrue(answer.endsWith("\r\n\r\nthere are too many connections: come later"));
                }
              }
              return silent.size() <= admitted;
            });
    assertEquals(admitted, silent.size());
    return silent;
  }

  private static boolean isFull(Served served) throws IOException {
    try (RawClient client = served.connect()) {
      client.send(RawClient.request("GET /livez HTTP/1.1", "Host: localhost", "Connection: close"));
      String answer = client.untilEnd();
      assertTrue(answer.contains("content-length: 6") || answer.contains(" 503 "), answer);
      return answer.contains(" 503 ");
    }
  }

  @Test
  void connectionsAreLimitedByAddress() throws IOException {
    List<RawClient> clients = new ArrayList<>();
    try (Served served = with().limits(100, 3).start()) {
      for (int i = 0; i < 4; i++) {
        clients.add(new RawClient(served.address(), "127.0.0.2"));
      }
      turnedAwayBut(3, clients);
      served.letsInTheGood();
    } finally {
      closeAll(clients);
    }
  }
}
