package dev.nsmon.websocket;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nsmon.namespace.HostClock;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Who is let in, and what the others are told.
class GateTest {
  private static final int PASSES = 0;
  private static final String SECRET = "correct horse battery".replace(' ', '-');
  private static final Route ROUTE = _ -> Response.text(200, "here");
  private static final Map<String, Route> ROUTES =
      Map.of("/", Route.open(ROUTE), "/livez", Route.open(ROUTE), "/namespaces", ROUTE);

  @TempDir private Path directory;

  private static Gate gate(String address, String scheme, Optional<Token> token) {
    return new Gate(
        new HostNames(new InetSocketAddress(address, 8470), Set.of("nsmon.example", "Other:99")),
        new Origins(scheme, Set.of("https://ops.example", "HTTP://dev.example:8080")),
        token,
        ROUTES);
  }

  private Optional<Token> token() throws IOException {
    Path file = directory.resolve("token");
    Files.writeString(file, SECRET + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    return Optional.of(new Token(file, _ -> {}, HostClock.SYSTEM));
  }

  private static HttpRequest head(String method, String uri, String... headers) {
    HttpRequest head =
        new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.valueOf(method), uri);
    for (int i = 0; i < headers.length; i += 2) {
      head.headers().add(headers[i], headers[i + 1]);
    }
    return head;
  }

  private static Optional<Response> refusal(Gate gate, HttpRequest head) {
    try {
      return gate.refusal(head, Answers.request(head));
    } catch (BadRequestException e) {
      throw new AssertionError(e);
    }
  }

  private static int status(Gate gate, HttpRequest head) {
    Optional<Response> refusal = refusal(gate, head);
    refusal.ifPresent(
        one -> assertEquals(1, new String(one.body(), UTF_8).lines().count(), "one line"));
    return refusal.map(Response::status).orElse(PASSES);
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, localhost,            0",
    "127.0.0.1, LOCALHOST:1,          0",
    "127.0.0.1, localhost.:8470,      0",
    "127.0.0.1, 127.0.0.1:8470,       0",
    "127.0.0.1, 127.9.8.7,            0",
    "127.0.0.1, '[::1]:8470',         0",
    "127.0.0.1, '[::ffff:127.0.0.1]', 0",
    "127.0.0.1, nsmon.example:443,    0",
    "127.0.0.1, other,                0",
    "127.0.0.1, evil.example,         421",
    "127.0.0.1, localhost.evil,       421",
    "127.0.0.1, evil.localhost,       421",
    "127.0.0.1, 127.0.0.1.evil.com,   421",
    "127.0.0.1, 10.1.2.3,             421",
    "127.0.0.1, 127.1,                421",
    "127.0.0.1, 2130706433,           421",
    "127.0.0.1, '',                   400",
    "127.0.0.1, 'a b',                400",
    "127.0.0.1, a@localhost,          400",
    "127.0.0.1, localhost:x,          400",
    "127.0.0.1, '[::1',               400",
    "127.0.0.1, '[localhost]',        400",
    "127.0.0.1, ::1,                  400",
    "::1,       '[::1]:8470',         0",
    "::1,       localhost,            0",
    "10.1.2.3,  10.1.2.3:8470,        0",
    "10.1.2.3,  nsmon.example,        0",
    "10.1.2.3,  localhost,            421",
    "10.1.2.3,  127.0.0.1,            421",
    "10.1.2.3,  10.1.2.4,             421",
    "0.0.0.0,   10.1.2.4,             0",
    "0.0.0.0,   '[fe80::1]',          0",
    "0.0.0.0,   localhost,            0",
    "0.0.0.0,   evil.example,         421",
    "::,        10.1.2.4:1,           0"
  })
  void requestMustAskForANameOfThisServer(String listened, String host, int status) {
    Gate gate = gate(listened, "http", Optional.empty());
    assertEquals(status, status(gate, head("GET", "/namespaces", "Host", host)));
  }

  @Test
  void oneHostIsAskedForAndNoOther() {
    Gate gate = gate("127.0.0.1", "http", Optional.empty());
    assertEquals(400, status(gate, head("GET", "/")));
    assertEquals(400, status(gate, head("GET", "/", "Host", "localhost", "Host", "localhost")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://localhost/", "*", "localhost:80", ""})
  void addressThatIsNoPathIsNoneOfOurs(String uri) {
    assertThrows(
        BadRequestException.class, () -> Answers.request(head("GET", uri, "Host", "localhost")));
  }

  @ParameterizedTest
  @CsvSource({
    "http,  localhost:8470, http://localhost:8470,   0",
    "http,  localhost:8470, HTTP://LocalHost:8470,   0",
    "http,  localhost:80,   http://localhost,        0",
    "http,  localhost,      http://localhost:80,     0",
    "https, localhost,      https://localhost:443,   0",
    "https, localhost:8470, https://localhost:8470,  0",
    "http,  '[::1]:8470',   'http://[::1]:8470',     0",
    "http,  localhost:8470, https://ops.example,     0",
    "http,  localhost:8470, https://ops.example:443, 0",
    "http,  localhost:8470, http://dev.example:8080, 0",
    "http,  localhost:8470, http://ops.example,      403",
    "http,  localhost:8470, http://dev.example,      403",
    "http,  localhost:8470, https://localhost:8470,  403",
    "https, localhost:8470, http://localhost:8470,   403",
    "http,  localhost:8470, http://localhost:3000,   403",
    "http,  localhost:8470, http://localhost,        403",
    "http,  localhost:8470, http://127.0.0.1:8470,   403",
    "http,  localhost:8470, http://evil.example,     403",
    "http,  localhost:8470, null,                    403",
    "http,  localhost:8470, file://,                 403",
    "http,  localhost:8470, '',                      403"
  })
  void pageMustBeOursOrAllowed(String scheme, String host, String origin, int status) {
    Gate gate = gate("127.0.0.1", scheme, Optional.empty());
    for (String path : new String[] {"/events", "/namespaces", "/"}) {
      assertEquals(status, status(gate, head("GET", path, "Host", host, "Origin", origin)));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/events?token=x",
        "/events?type=net&access_token=x",
        "/events?Authorization=x",
        "/?%74oken=x",
        "/nowhere?token"
      })
  void secretInTheAddressIsRefusedEvenIfItIsRight(String uri) throws IOException {
    for (Optional<Token> token : List.of(Optional.<Token>empty(), token())) {
      Gate gate = gate("127.0.0.1", "http", token);
      HttpRequest head = head("GET", uri, "Host", "localhost", "Authorization", "Bearer " + SECRET);
      assertEquals(400, status(gate, head));
    }
  }

  private static String inProtocol(String token) {
    return Gate.TOKEN_PROTOCOL
        + Base64.getUrlEncoder().withoutPadding().encodeToString(token.getBytes(UTF_8));
  }

  @Test
  void tokenIsShownInTheHeaderOrTheSubprotocol() throws IOException {
    Gate gate = gate("10.1.2.3", "https", token());
    String authorization = "Authorization";
    String protocol = "Sec-WebSocket-Protocol";
    String right = inProtocol(SECRET);
    String[][] passing = {
      {authorization, "Bearer " + SECRET},
      {authorization, "bEARER  " + SECRET + " "},
      {protocol, right},
      {protocol, right + ", cloudevents.json"},
      {protocol, "nsmon.json," + right},
      {protocol, "nsmon.json", protocol, right}
    };
    for (String[] headers : passing) {
      assertEquals(PASSES, statusWith(gate, "/events", headers), String.join(" ", headers));
    }
    String[][] wrong = {
      {},
      {authorization, "Bearer " + SECRET + "x"},
      {authorization, "Bearer " + SECRET.substring(1)},
      {authorization, "Bearer "},
      {authorization, SECRET},
      {authorization, "Basic " + SECRET},
      {authorization, "Bearer wrong", protocol, right},
      {protocol, "nsmon.json"},
      {protocol, inProtocol(SECRET + "x")},
      {protocol, Gate.TOKEN_PROTOCOL},
      {protocol, Gate.TOKEN_PROTOCOL + "%%%"},
      {protocol, Gate.TOKEN_PROTOCOL + SECRET}
    };
    for (String[] headers : wrong) {
      assertEquals(401, statusWith(gate, "/events", headers), String.join(" ", headers));
    }
  }

  private static int statusWith(Gate gate, String path, String... headers) {
    HttpRequest head = head("GET", path, headers);
    head.headers().set("Host", "10.1.2.3");
    return status(gate, head);
  }

  @Test
  void whoShowsNoTokenIsToldHow() throws IOException {
    Gate gate = gate("10.1.2.3", "https", token());
    HttpRequest without = head("GET", "/events", "Host", "10.1.2.3");
    assertEquals(
        "Bearer realm=\"nsmon\"",
        refusal(gate, without).orElseThrow().headers().get("WWW-Authenticate"));
    without.headers().set("Authorization", "Bearer wrong");
    assertTrue(
        refusal(gate, without)
            .orElseThrow()
            .headers()
            .get("WWW-Authenticate")
            .contains("invalid_token"));
  }

  @ParameterizedTest
  @CsvSource({
    "/,             0",
    "/livez,     0",
    "/namespaces, 401",
    "/events, 401",
    "/nowhere, 401",
    "/%6eamespaces, 401",
    "/livez/x, 401",
    "//,        401"
  })
  void tokenIsForAllThatIsNotOpen(String path, int status) throws IOException {
    assertEquals(status, statusWith(gate("10.1.2.3", "https", token()), path));
  }

  @ParameterizedTest
  @CsvSource({
    "GET,     /namespaces,         0",
    "GET,     /namespaces?type=pid,0",
    "GET,     /%6eamespaces,       0",
    "HEAD,    /namespaces,         0",
    "GET,     /events,             0",
    "HEAD,    /events,             405",
    "POST,    /events,             405",
    "POST,    /namespaces,         405",
    "OPTIONS, /,                   405",
    "DELETE,  /nowhere,            405",
    "BREW,    /,                   405",
    "GET,     /nowhere,            404",
    "GET,     /namespaces/,        404",
    "HEAD,    /nowhere,            404"
  })
  void onlyWhatIsThereIsReadAndNothingIsChanged(String method, String uri, int status) {
    Gate gate = gate("127.0.0.1", "http", Optional.empty());
    assertEquals(status, status(gate, head(method, uri, "Host", "localhost")));
  }

  /// Each fault is taken away in turn: what is told first must not depend on what comes after.
  @Test
  void faultsAreToldInTheOrderOfTheDoor() throws IOException {
    Gate gate = gate("127.0.0.1", "http", token());
    HttpRequest head =
        head("POST", "/nowhere?token=x", "Host", "evil.example", "Origin", "http://evil.example");
    assertEquals(421, status(gate, head));
    head.headers().set("Host", "localhost");
    assertEquals(403, status(gate, head));
    head.headers().remove("Origin");
    assertEquals(400, status(gate, head));
    head.setUri("/nowhere");
    assertEquals(401, status(gate, head));
    head.headers().set("Authorization", "Bearer " + SECRET);
    assertEquals(405, status(gate, head));
    head.setMethod(HttpMethod.GET);
    assertEquals(404, status(gate, head));
    head.setUri("/namespaces");
    assertEquals(PASSES, status(gate, head));
  }
}
