package dev.nsmon.websocket;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketClientHandshaker;
import io.netty.handler.codec.http.websocketx.WebSocketClientHandshakerFactory;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketHandshakeException;
import io.netty.handler.codec.http.websocketx.WebSocketVersion;
import java.io.IOException;
import java.net.URI;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/// Client side of one connection: the WebSocket handshake, then messages. Event loop only.
final class StreamClientHandler extends SimpleChannelInboundHandler<Object> {
  private static final long HANG_UP_MILLIS = 1_000;

  private final CompletableFuture<Void> opening = new CompletableFuture<>();
  private final WebSocketClientHandshaker handshaker;
  private final StreamClient client;

  StreamClientHandler(URI uri, Optional<String> token, StreamClient client) {
    HttpHeaders headers = new DefaultHttpHeaders();
    token.ifPresent(one -> headers.set(HttpHeaderNames.AUTHORIZATION, "Bearer " + one));
    this.handshaker =
        WebSocketClientHandshakerFactory.newHandshaker(
            uri,
            WebSocketVersion.V13,
            null,
            false,
            headers,
            StreamClient.MOST_BYTES,
            true,
            false,
            HANG_UP_MILLIS,
            false,
            // Only browsers send `Origin`.
            false);
    this.client = client;
  }

  /// Completes at the end of the handshake; exceptionally if it is refused or fails.
  CompletableFuture<Void> opening() {
    return opening;
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    ChannelFuture _ = handshaker.handshake(context.channel());
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, Object message) {
    client.heard();
    switch (message) {
      case FullHttpResponse response -> answered(context, response);
      case TextWebSocketFrame text -> client.take(text.text(), context.channel());
      case PingWebSocketFrame ping -> {
        ChannelFuture _ = context.writeAndFlush(new PongWebSocketFrame(ping.content().retain()));
      }
      case CloseWebSocketFrame close -> {
        String reason = close.reasonText();
        client.end("closed with " + close.statusCode() + (reason.isEmpty() ? "" : " " + reason));
        ChannelFuture _ = handshaker.close(context.channel(), close.retain());
      }
      case WebSocketFrame _ -> {
        // A monitor sends no other frames.
      }
      default -> throw new IllegalStateException("not of HTTP: " + message.getClass());
    }
  }

  private void answered(ChannelHandlerContext context, FullHttpResponse response) {
    if (response.status().equals(HttpResponseStatus.SWITCHING_PROTOCOLS)) {
      handshaker.finishHandshake(context.channel(), response);
      opening.complete(null);
    } else {
      opening.completeExceptionally(
          new RefusedException(response.status().code(), response.content().toString(UTF_8)));
      ChannelFuture _ = context.close();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    opening.completeExceptionally(new IOException("hung up"));
    client.end("the connection was cut");
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable problem) {
    Throwable cause =
        problem instanceof DecoderException && problem.getCause() != null
            ? problem.getCause()
            : problem;
    opening.completeExceptionally(
        cause instanceof WebSocketHandshakeException
            ? new IOException("no WebSocket: " + cause.getMessage(), cause)
            : cause);
    client.end(cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage());
    ChannelFuture _ = context.close();
  }
}
