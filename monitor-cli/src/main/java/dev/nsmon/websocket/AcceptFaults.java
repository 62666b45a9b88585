package dev.nsmon.websocket;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/// Reports in one line why connections can't be accepted, for example because no file descriptor is
/// left (EMFILE). Netty then stops accepting for one second.
final class AcceptFaults extends ChannelInboundHandlerAdapter {
  private final Door door;

  AcceptFaults(Door door) {
    this.door = door;
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    door.refusing(cause);
  }
}
