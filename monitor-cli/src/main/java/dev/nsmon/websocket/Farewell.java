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

/// Closes a connection so that the client can read the last message (RFC 9112 section 9.6).
///
/// If a socket with unread input is closed, the kernel sends a TCP reset, and the peer discards
/// what it has not read yet. So this handler closes the output first. It then discards input until
/// the client closes its side, or the time is over. Writes of other handlers are discarded, too.
final class Farewell extends ChannelDuplexHandler {
  /// How long input is discarded after the output was closed.
  private static final long LINGER_MILLIS = 1_000;

  /// How long a client has to take the last message.
  private static final long LAST_WORDS_MILLIS = 10_000;

  private Farewell() {}

  /// Writes a last message, then closes the connection. Called on its event loop.
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
    // The write fails only once the connection is closed. A handler that sees a failed write may
    // close the connection at once.
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
