package dev.nsmon.websocket;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;

/// Ends a WebSocket whose client violates the protocol. The close code is 1009 for a frame that is
/// too large, and 1002 for most other faults. One instance for all connections.
@Sharable
final class WebSocketFaults extends ChannelInboundHandlerAdapter {
  static final WebSocketFaults INSTANCE = new WebSocketFaults();

  private WebSocketFaults() {}

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    Failures.check(cause);
    if (cause instanceof CorruptedWebSocketFrameException corrupted) {
      Farewell.say(
          ctx,
          new CloseWebSocketFrame(corrupted.closeStatus(), corrupted.closeStatus().reasonText()));
    } else {
      ChannelFuture _ = ctx.close();
    }
  }
}
