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

/// Decides by its head whether a request is let in. Each check has a status of its own, and they
/// come in this order, so that who is not meant to learn anything learns nothing:
///
/// 1. asks for a name that is not ours: 421, or 400 where it asks for none or for several
/// 2. comes from a page that is not ours: 403
/// 3. has a secret in the address, where logs keep it: 400
/// 4. shows no token, or a wrong one: 401
/// 5. wants to change something: 405
/// 6. asks for what there is not: 404
final class Gate {
  /// Where the stream is.
  static final String EVENTS = "/events";

  /// How a browser, which can't set headers on a WebSocket, shows a token. Kubernetes has it like
  /// this, with its own name.
  static final String TOKEN_PROTOCOL = "base64url.bearer.authorization.nsmon.";

  private static final Set<String> SECRET_NAMES = Set.of("token", "access_token", "authorization");
  private static final String BEARER = "bearer ";

  private final HostNames hosts;
  private final Origins origins;
  private final Optional<Token> token;
  private final Map<String, Route> routes;

  Gate(HostNames hosts, Origins origins, Optional<Token> token, Map<String, Route> routes) {
    this.hosts = hosts;
    this.origins = origins;
    this.token = token;
    this.routes = routes;
  }

  /// What to answer instead; empty if it may pass.
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
        return Optional.of(unauthorized(shown.isPresent()));
      }
    }
    return unfit(head.method(), request.path());
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

  /// The header wins: who can set it needs no other way.
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

  /// What can't be decoded is no token: as little as none.
  private static byte[] decode(String text) {
    try {
      return Base64.getUrlDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      return new byte[0];
    }
  }
}
