package dev.nsmon.websocket;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Conversions between HTTP messages of Netty and [Request] and [Response].
final class Answers {
  private Answers() {}

  /// A plain-text answer of one line, with additional headers.
  static Response line(int status, String line, Map<String, String> headers) {
    return new Response(
        status, "text/plain; charset=utf-8", (line + "\n").getBytes(UTF_8), headers);
  }

  /// The HTTP message of an answer, with the headers common to all answers.
  static FullHttpResponse message(Response response, boolean keepAlive) {
    FullHttpResponse message =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1,
            HttpResponseStatus.valueOf(response.status()),
            Unpooled.wrappedBuffer(response.body()));
    HttpHeaders headers = message.headers();
    setCommon(headers);
    headers.set(HttpHeaderNames.CONTENT_TYPE, response.contentType());
    response.headers().forEach(headers::set);
    HttpUtil.setContentLength(message, response.body().length);
    HttpUtil.setKeepAlive(message, keepAlive);
    return message;
  }

  /// Sets the headers of all answers: no content sniffing, no caching, no referrer, no use by other
  /// origins. The headers of a [Response] may replace them.
  static void setCommon(HttpHeaders headers) {
    headers.set("X-Content-Type-Options", "nosniff");
    headers.set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE);
    headers.set("Referrer-Policy", "no-referrer");
    headers.set("Cross-Origin-Resource-Policy", "same-origin");
  }

  /// Parses the request target.
  ///
  /// @throws BadRequestException if it is not a path, or if its percent-encoding is invalid
  static Request request(HttpRequest head) throws BadRequestException {
    // The other forms of a target (RFC 9112 section 3.2) are for proxies. They name a host, and
    // would bypass the check of the Host header.
    if (!head.uri().startsWith("/")) {
      throw new BadRequestException("the address must be a path");
    }
    try {
      QueryStringDecoder decoder = new QueryStringDecoder(head.uri(), UTF_8);
      return new Request(
          decoder.path(),
          decoder.parameters(),
          Optional.ofNullable(head.headers().get(HttpHeaderNames.ACCEPT)));
    } catch (IllegalArgumentException e) {
      throw new BadRequestException("the address has a % that no two hex digits follow");
    }
  }

  /// Values of a comma-separated header, in their order; a repeated header counts as one list (RFC
  /// 9110 section 5.3).
  static List<String> list(HttpRequest head, CharSequence name) {
    List<String> values = new ArrayList<>();
    for (String header : head.headers().getAll(name)) {
      for (String value : header.split(",", -1)) {
        values.add(value.strip());
      }
    }
    return values;
  }
}
