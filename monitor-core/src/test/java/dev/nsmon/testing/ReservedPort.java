package dev.nsmon.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;

/// A TCP port of an address of this machine that nobody else gets while this is open, although
/// nothing listens there: for a server that can't be asked which port it was given, or that ends
/// and comes back.
///
/// A socket stays bound to it with `SO_REUSEADDR` and does not listen. Linux then lets another one
/// with that option bind to the very port and listen, as servers do (`socket(7)`); it does not
/// choose the port for a `bind()` to port 0 or for a `connect()`, and refuses connections as long
/// as no server is there.
public final class ReservedPort implements AutoCloseable {
  private final Socket socket = new Socket();

  private ReservedPort(InetAddress address) throws IOException {
    socket.setReuseAddress(true);
    socket.bind(new InetSocketAddress(address, 0));
  }

  /// One of `127.0.0.1`.
  public static ReservedPort open() {
    return at("127.0.0.1");
  }

  /// One of this address, a literal.
  public static ReservedPort at(String address) {
    try {
      return new ReservedPort(InetAddress.ofLiteral(address));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public int number() {
    return socket.getLocalPort();
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
