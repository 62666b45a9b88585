package dev.nsmon.websocket;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/// Limits the number of connections, in total and by address. Beyond a limit, [Server] adds no
/// other handler, and this one answers 503. Without TLS only: with TLS such a connection is closed.
/// One instance for all connections.
@Sharable
final class ConnectionLimit extends ChannelInboundHandlerAdapter {
  private static final byte[] TOO_MANY =
      """
      HTTP/1.1 503 Service Unavailable\r
      Retry-After: 10\r
      Connection: close\r
      Content-Type: text/plain; charset=utf-8\r
      Content-Length: 42\r
      \r
      there are too many connections: come later
      """
          .stripTrailing()
          .getBytes(US_ASCII);

  /// Rejected connections at a time that [Farewell] closes. Others are closed at once, and a TCP
  /// reset may discard the answer.
  private static final int WITH_CARE = 256;

  private final ConnectionCount all;
  private final int withCare;
  private final AtomicInteger turnedAway = new AtomicInteger();

  ConnectionLimit(ListenSettings.Limits limits) {
    this.all = new ConnectionCount(limits.clients(), limits.clientsPerAddress());
    // A connection that is being closed still has a file descriptor.
    this.withCare = Math.min(WITH_CARE, limits.clients() / 4 + 1);
  }

  /// Whether this connection is within the limits. If so, it is counted until it is closed.
  boolean admits(Channel channel) {
    Optional<InetAddress> address = address(channel);
    if (address.isEmpty() || !all.enter(address.get())) {
      return false;
    }
    channel.closeFuture().addListener(_ -> all.leave(address.get()));
    return true;
  }

  /// Remote address of a connection; empty if it is closed already.
  static Optional<InetAddress> address(Channel channel) {
    return channel.remoteAddress() instanceof InetSocketAddress remote
        ? Optional.of(remote.getAddress())
        : Optional.empty();
  }

  /// Answers a rejected connection, whose only handler this is.
  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    ByteBuf words = Unpooled.wrappedBuffer(TOO_MANY);
    if (turnedAway.incrementAndGet() <= withCare) {
      Farewell.say(ctx, words);
    } else {
      ctx.writeAndFlush(words).addListener(ChannelFutureListener.CLOSE);
    }
    ctx.channel().closeFuture().addListener(_ -> turnedAway.decrementAndGet());
  }
}
