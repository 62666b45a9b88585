package dev.nsmon.websocket;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshaker13;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Starts the stream for a request for `/events`: over a WebSocket (RFC 6455), or as Server-Sent
/// Events if the request accepts `text/event-stream`.
final class EventsEntry {
  /// Subprotocols of the stream. The first of them that a client offers is selected.
  private static final Set<String> PROTOCOLS = Set.of("cloudevents.json", "nsmon.json");

  /// Clients send only pongs and close frames. Extensions are off: compressing an attacker's text
  /// together with secrets reveals the secrets (CRIME). It also costs memory for each client.
  private static final WebSocketDecoderConfig FRAMES =
      WebSocketDecoderConfig.newBuilder()
          .maxFramePayloadLength(4096)
          .expectMaskedFrames(true)
          .allowMaskMismatch(false)
          .allowExtensions(false)
          .closeOnProtocolViolation(false)
          .build();

  private final EventStream events;

  EventsEntry(EventStream events) {
    this.events = events;
  }

  /// Hands the connection over to the stream; returns the answer if the request is refused, else
  /// empty.
  Optional<Response> enter(ChannelHandlerContext ctx, HttpRequest head, Request request)
      throws BadRequestException {
    boolean asksForSocket = has(head, HttpHeaderNames.UPGRADE, "websocket");
    boolean asksForEvents =
        request
            .accept()
            .filter(a -> a.toLowerCase(Locale.ROOT).contains("text/event-stream"))
            .isPresent();
    if (!asksForSocket && !asksForEvents) {
      return refuse(426, "connect with a WebSocket, or send Accept: text/event-stream");
    }
    if (!head.protocolVersion().equals(HttpVersion.HTTP_1_1)) {
      return refuse(426, "the stream needs HTTP/1.1");
    }
    if (!asksForSocket) {
      Optional<String> last = Optional.ofNullable(head.headers().get("Last-Event-ID"));
      startEvents(ctx, events.parse(request, Optional.empty(), last));
      return Optional.empty();
    }
    if (!has(head, HttpHeaderNames.CONNECTION, "upgrade") || !hasKey(head)) {
      return refuse(400, "this is not the handshake of a WebSocket");
    }
    if (!head.headers().get(HttpHeaderNames.SEC_WEBSOCKET_VERSION, "").strip().equals("13")) {
      return refuse(426, "WebSockets of version 13 are spoken here");
    }
    Optional<String> protocol =
        Answers.list(head, HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL).stream()
            .filter(PROTOCOLS::contains)
            .findFirst();
    openSocket(ctx, head, protocol, events.parse(request, protocol, Optional.empty()));
    return Optional.empty();
  }

  private static Optional<Response> refuse(int status, String line) {
    return Optional.of(
        Answers.line(
            status,
            line,
            status == 426
                ? Map.of("Upgrade", "websocket", "Sec-WebSocket-Version", "13")
                : Map.of()));
  }

  private static boolean has(HttpRequest head, CharSequence name, String value) {
    return Answers.list(head, name).stream().anyMatch(value::equalsIgnoreCase);
  }

  private static boolean hasKey(HttpRequest head) {
    try {
      String key = head.headers().get(HttpHeaderNames.SEC_WEBSOCKET_KEY, "").strip();
      return Base64.getDecoder().decode(key).length == 16;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private void openSocket(
      ChannelHandlerContext ctx,
      HttpRequest head,
      Optional<String> protocol,
      Subscription subscription) {
    Channel channel = ctx.channel();
    FullHttpRequest request =
        new DefaultFullHttpRequest(
            head.protocolVersion(),
            head.method(),
            head.uri(),
            Unpooled.EMPTY_BUFFER,
            head.headers(),
            EmptyHttpHeaders.INSTANCE);
    HttpHeaders headers = DefaultHttpHeadersFactory.headersFactory().newHeaders();
    protocol.ifPresent(one -> headers.set(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL, one));
    ChannelFuture shaken =
        new WebSocketServerHandshaker13(null, null, FRAMES)
            .handshake(channel, request, headers, channel.newPromise());
    ChannelFuture _ =
        shaken.addListener(
            _ -> {
              if (shaken.isSuccess()) {
                leaveHttp(channel.pipeline());
                channel.pipeline().addLast(WebSocketFaults.INSTANCE);
                events.webSocket(channel, subscription);
                channel.config().setAutoRead(true);
              } else {
                ChannelFuture _ = channel.close();
              }
            });
  }

  private void startEvents(ChannelHandlerContext ctx, Subscription subscription) {
    HttpResponse response = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
    Answers.setCommon(response.headers());
    response.headers().set(HttpHeaderNames.CONTENT_TYPE, "text/event-stream");
    // Without this header nginx delays events until its buffer is full.
    response.headers().set("X-Accel-Buffering", "no");
    HttpUtil.setTransferEncodingChunked(response, true);
    Channel channel = ctx.channel();
    ChannelFuture begun = ctx.writeAndFlush(response);
    ChannelFuture _ =
        begun.addListener(
            _ -> {
              if (begun.isSuccess()) {
                leaveHttp(channel.pipeline());
                channel.pipeline().remove(HttpServerCodec.class);
                events.serverSentEvents(channel, subscription);
                channel.config().setAutoRead(true);
              } else {
                ChannelFuture _ = channel.close();
              }
            });
  }

  private static void leaveHttp(ChannelPipeline pipeline) {
    pipeline.remove(RequestTimer.class);
    pipeline.remove(HttpHandler.class);
  }
}
