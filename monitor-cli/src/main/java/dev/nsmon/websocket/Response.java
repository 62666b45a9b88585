package dev.nsmon.websocket;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Map;

/// Answer of a [Route]. Immutable.
public final class Response {
  private final int status;
  private final String contentType;
  private final byte[] body;
  private final Map<String, String> headers;

  /// @param contentType value of the `Content-Type` header
  /// @param body must not be changed afterwards
  /// @param headers additional headers, by name
  public Response(int status, String contentType, byte[] body, Map<String, String> headers) {
    this.status = status;
    this.contentType = contentType;
    this.body = body;
    this.headers = headers;
  }

  /// A JSON answer.
  public static Response json(int status, byte[] body) {
    return new Response(status, "application/json", body, Map.of());
  }

  /// A plain-text answer of one line.
  public static Response text(int status, String line) {
    return new Response(
        status, "text/plain; charset=utf-8", (line + "\n").getBytes(UTF_8), Map.of());
  }

  int status() {
    return status;
  }

  String contentType() {
    return contentType;
  }

  /// Must not be changed.
  byte[] body() {
    return body;
  }

  Map<String, String> headers() {
    return headers;
  }
}
