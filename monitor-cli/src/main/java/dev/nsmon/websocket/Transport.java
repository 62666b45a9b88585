package dev.nsmon.websocket;

import io.netty.channel.IoHandlerFactory;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.channels.spi.SelectorProvider;

/// What carries the connections.
enum Transport {
  /// The kernel's own, through Netty's native library.
  EPOLL,
  /// The JDK's, which works everywhere.
  NIO;

  /// The best that works here.
  static Transport best() {
    return Epoll.isAvailable() ? EPOLL : NIO;
  }

  IoHandlerFactory loops() {
    return switch (this) {
      case EPOLL -> EpollIoHandler.newFactory();
      case NIO -> NioIoHandler.newFactory();
    };
  }

  /// What listens at an address of this family: left to itself, Netty takes a socket of IPv6 for
  /// 0.0.0.0 too, and so listens at every address of both.
  ServerSocketChannel listener(InetAddress address) {
    boolean four = address instanceof Inet4Address;
    return switch (this) {
      case EPOLL ->
          four
              ? new EpollServerSocketChannel(SocketProtocolFamily.INET)
              : new EpollServerSocketChannel();
      case NIO ->
          four
              ? new NioServerSocketChannel(SelectorProvider.provider(), SocketProtocolFamily.INET)
              : new NioServerSocketChannel();
    };
  }

  /// What it is, and why not a better one.
  String words() {
    return switch (this) {
      case EPOLL -> "epoll";
      case NIO -> Epoll.isAvailable() ? "NIO" : "NIO: no native epoll, " + why();
    };
  }

  private static String why() {
    Throwable cause = Epoll.unavailabilityCause();
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    String message = cause.getMessage();
    return message == null
        ? cause.getClass().getSimpleName()
        : message.lines().findFirst().orElse("");
  }
}
