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
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;

/// Counts connections, in all and by address, and turns away those that are too many, before
/// anything is done for them. Shared by all connections.
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

  /// As many of those who are turned away have their connection ended with care. The others may
  /// find theirs reset.
  private static final int WITH_CARE = 256;

  private final ListenSettings.Limits limits;
  private final AtomicInteger all = new AtomicInteger();
  private final AtomicInteger turnedAway = new AtomicInteger();
  private final ConcurrentMap<InetAddress, Integer> byAddress = new ConcurrentHashMap<>();

  ConnectionLimit(ListenSettings.Limits limits) {
    this.limits = limits;
  }

  /// Whether this connection may stay. It is counted until it is closed.
  boolean admits(Channel channel) {
    // Null if it is closed already.
    if (!(channel.remoteAddress() instanceof InetSocketAddress remote)) {
      return false;
    }
    InetAddress address = remote.getAddress();
    int total = all.incrementAndGet();
    int sameAddress = byAddress.merge(address, 1, Integer::sum);
    if (total > limits.clients() || sameAddress > limits.clientsPerAddress()) {
      leave(address);
      return false;
    }
    channel.closeFuture().addListener(_ -> leave(address));
    return true;
  }

  private void leave(InetAddress address) {
    all.decrementAndGet();
    byAddress.computeIfPresent(address, (_, count) -> count == 1 ? null : count - 1);
  }

  /// For one that was not admitted: the only handler that it gets.
  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    ByteBuf words = Unpooled.wrappedBuffer(TOO_MANY);
    if (turnedAway.incrementAndGet() <= WITH_CARE) {
      Farewell.say(ctx, words);
    } else {
      ctx.writeAndFlush(words).addListener(ChannelFutureListener.CLOSE);
    }
    ctx.channel().closeFuture().addListener(_ -> turnedAway.decrementAndGet());
  }
}
