package dev.nsmon.websocket;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;

/// Decides from the head of a request whether it is admitted. The order of the checks reveals
/// nothing to a client without permission:
///
/// 1. `Host` names another server: 421; it is missing, repeated or invalid: 400
/// 2. `Origin` names a page that may not connect: 403
/// 3. the URL, which logs record, contains a secret: 400
/// 4. the token is missing or wrong: 401
/// 5. the method is neither GET nor HEAD, or it is HEAD for the stream: 405
/// 6. the path does not exist: 404
///
/// Any thread.
final class Gate {
  /// Path of the stream.
  static final String EVENTS = "/events";

  /// Prefix of a WebSocket subprotocol that carries the token in base64url, because browsers can't
  /// set headers on a WebSocket. Kubernetes uses `base64url.bearer.authorization.k8s.io.` in the
  /// same way.
  static final String TOKEN_PROTOCOL = "base64url.bearer.authorization.nsmon.";

  private static final Set<String> SECRET_NAMES = Set.of("token", "access_token", "authorization");
  private static final String BEARER = "bearer ";

  private final HostNames hosts;
  private final Origins origins;
  private final Optional<Token> token;
  private final Map<String, Route> routes;
  private final LongAdder refusedTokens = new LongAdder();

  Gate(HostNames hosts, Origins origins, Optional<Token> token, Map<String, Route> routes) {
    this.hosts = hosts;
    this.origins = origins;
    this.token = token;
    this.routes = routes;
  }

  /// The answer that refuses a request; empty if the request is admitted.
  Optional<Response> refusal(HttpRequest head, Request request) {
    List<String> asked = head.headers().getAll(HttpHeaderNames.HOST);
    Optional<Authority> host =
        asked.size() == 1 ? Authority.parse(asked.getFirst().strip()) : Optional.empty();
    if (host.isEmpty()) {
      return refuse(400, "there must be one Host header, with a host and perhaps a port");
    }
    if (!hosts.has(host.get())) {
      return refuse(
          421,
          "this server does not go by that name: ask for its address, or allow the name where it"
              + " is started");
    }
    for (String origin : head.headers().getAll(HttpHeaderNames.ORIGIN)) {
      if (!origins.have(origin.strip(), host.get())) {
        return refuse(403, "pages of that origin may not connect, unless the server is told so");
      }
    }
    for (String name : request.query().keySet()) {
      if (SECRET_NAMES.contains(name.toLowerCase(Locale.ROOT))) {
        return refuse(
            400,
            "a token never belongs in the URL, which is logged: send it as Authorization: Bearer,"
                + " and consider this one known");
      }
    }
    if (token.isPresent() && !isOpen(request.path())) {
      Optional<byte[]> shown = shown(head);
      if (shown.isEmpty() || !token.get().is(shown.get())) {
        if (shown.isPresent()) {
          refusedTokens.increment();
        }
        return Optional.of(unauthorized(shown.isPresent()));
      }
    }
    return unfit(head.method(), request.path());
  }

  /// How many requests were refused because of a wrong token. Any thread.
  long refusedTokens() {
    return refusedTokens.sum();
  }

  /// SHA-256 of the token that an admitted request has shown. Empty if it has shown none, or a
  /// wrong one on an open route. It is the token as sent: the token file may have changed since
  /// [#refusal].
  Optional<byte[]> proof(HttpRequest head, Request request) {
    return token.flatMap(
        one ->
            shown(head)
                .filter(shown -> !isOpen(request.path()) || one.is(shown))
                .map(Token::hashOf));
  }

  /// Whether requests must show a token, those for open routes excepted.
  boolean demandsToken() {
    return token.isPresent();
  }

  private Optional<Response> unfit(HttpMethod method, String path) {
    boolean isEvents = path.equals(EVENTS);
    if (!method.equals(HttpMethod.GET) && (isEvents || !method.equals(HttpMethod.HEAD))) {
      String allowed = isEvents ? "GET" : "GET, HEAD";
      return Optional.of(
          Answers.line(405, "nothing can be changed here: use GET", Map.of("Allow", allowed)));
    }
    if (!isEvents && !routes.containsKey(path)) {
      return refuse(404, "there is nothing here by that name");
    }
    return Optional.empty();
  }

  private boolean isOpen(String path) {
    Route route = routes.get(path);
    return route != null && route.isOpen();
  }

  private static Optional<Response> refuse(int status, String line) {
    return Optional.of(Response.text(status, line));
  }

  private static Response unauthorized(boolean wrong) {
    return Answers.line(
        401,
        wrong ? "this is not the token" : "a token is needed: send it as Authorization: Bearer",
        Map.of(
            "WWW-Authenticate",
            wrong ? "Bearer realm=\"nsmon\", error=\"invalid_token\"" : "Bearer realm=\"nsmon\""));
  }

  /// The token that a request shows; empty if there is none. The `Authorization` header takes
  /// precedence over the subprotocol.
  private static Optional<byte[]> shown(HttpRequest head) {
    String header = head.headers().get(HttpHeaderNames.AUTHORIZATION);
    if (header != null) {
      return header.regionMatches(true, 0, BEARER, 0, BEARER.length())
          ? Optional.of(header.substring(BEARER.length()).strip().getBytes(ISO_8859_1))
          : Optional.empty();
    }
    for (String protocol : Answers.list(head, HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL)) {
      if (protocol.startsWith(TOKEN_PROTOCOL)) {
        return Optional.of(decode(protocol.substring(TOKEN_PROTOCOL.length())));
      }
    }
    return Optional.empty();
  }

  /// Decodes base64url. Invalid text becomes an empty token, which counts as a wrong one.
  private static byte[] decode(String text) {
    try {
      return Base64.getUrlDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      return new byte[0];
    }
  }
}
