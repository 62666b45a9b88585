package dev.nsmon.websocket;

import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.TimeUnit;

/// Ends a connection so that the client can read our last words.
///
/// A socket that is closed while bytes wait to be read in it answers with a reset, and at a reset
/// the other side drops what it had not read yet. So our side is closed first, and what still comes
/// is thrown away until the client has closed its own, or has had its time. What others still want
/// to write is thrown away, too.
final class Farewell extends ChannelDuplexHandler {
  private static final long LINGER_MILLIS = 1_000;

  /// For a client that does not take our last words.
  private static final long LAST_WORDS_MILLIS = 10_000;

  private Farewell() {}

  /// Writes this and then ends the connection. To be called on its event loop.
  static void say(ChannelHandlerContext ctx, Object lastWords) {
    ChannelFuture said = ctx.writeAndFlush(lastWords);
    Channel channel = ctx.channel();
    if (!channel.isActive()) {
      return;
    }
    SslHandler tls = channel.pipeline().get(SslHandler.class);
    if (tls == null) {
      channel.pipeline().addFirst(new Farewell());
    } else {
      channel.pipeline().addAfter(channel.pipeline().context(tls).name(), null, new Farewell());
    }
    closeAfter(channel, LAST_WORDS_MILLIS);
    channel.config().setAutoRead(true);
    ChannelFuture _ = said.addListener(_ -> endOutput(channel, tls));
  }

  private static void endOutput(Channel channel, SslHandler tls) {
    if (tls != null) {
      ChannelFuture _ = tls.closeOutbound();
    } else if (channel instanceof DuplexChannel duplex && channel.isActive()) {
      ChannelFuture _ = duplex.shutdownOutput();
    }
    closeAfter(channel, LINGER_MILLIS);
  }

  private static void closeAfter(Channel channel, long millis) {
    ScheduledFuture<?> _ =
        channel
            .eventLoop()
            .schedule(
                () -> {
                  ChannelFuture _ = channel.close();
                },
                millis,
                TimeUnit.MILLISECONDS);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ReferenceCountUtil.release(message);
  }

  @Override
  public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
    ReferenceCountUtil.release(message);
    // Not before the connection is closed: who sees a write fail may well close it.
    if (!promise.isVoid()) {
      ctx.channel()
          .closeFuture()
          .addListener(_ -> promise.tryFailure(new ClosedChannelException()));
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    ChannelFuture _ = ctx.close();
  }
}
