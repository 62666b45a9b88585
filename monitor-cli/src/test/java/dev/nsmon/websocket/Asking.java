package dev.nsmon.websocket;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

/// Asks routes as the server does, and shows what they answer.
record Asking(int status, String contentType, String body) {
  private static final ObjectMapper JSON = new ObjectMapper();

  static Asking ask(Route route, String uri) {
    return ask(route, uri, Optional.empty());
  }

  static Asking ask(Route route, String uri, Optional<String> accept) {
    QueryStringDecoder decoded = new QueryStringDecoder(uri);
    try {
      Response response = route.answer(new Request(decoded.path(), decoded.parameters(), accept));
      return new Asking(
          response.status(), response.contentType(), new String(response.body(), UTF_8));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  JsonNode json() {
    try {
      return JSON.readTree(body);
    } catch (IOException e) {
      throw new UncheckedIOException(body, e);
    }
  }
}
