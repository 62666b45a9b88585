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

/// Netty transports for connections.
enum Transport {
  /// epoll(7) through Netty's native library.
  EPOLL,
  /// The JDK's selector, which works everywhere.
  NIO;

  /// epoll if it is available, else NIO.
  static Transport best() {
    return Epoll.isAvailable() ? EPOLL : NIO;
  }

  IoHandlerFactory loops() {
    return switch (this) {
      case EPOLL -> EpollIoHandler.newFactory();
      case NIO -> NioIoHandler.newFactory();
    };
  }

  /// Listening socket of the address's family. By default, Netty opens an IPv6 socket for 0.0.0.0
  /// too, which then listens on all IPv6 addresses as well.
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

  /// Name of the transport for messages; if epoll is not available, with the reason.
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
