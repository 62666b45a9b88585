package dev.nsmon.sink;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/// The address of a syslog receiver and the protocol.
///
/// @param tls the context with the trusted certificates; empty for TCP without TLS
public record SyslogReceiver(String host, int port, Optional<SSLContext> tls) {
  private static final int CONNECT_MILLIS = 10_000;

  /// What the kernel may hold unsent or unread by the receiver's host. It is what the loss of a
  /// receiver costs, because syslog has no acknowledgements; and as long as it drains, no write
  /// returns. By itself the kernel would let it grow to megabytes (`tcp_wmem` in `tcp(7)`).
  private static final int SEND_BUFFER_BYTES = 128 << 10;

  Socket connect() throws IOException {
    Socket socket = new Socket();
    try {
      socket.setSendBufferSize(SEND_BUFFER_BYTES);
      socket.connect(new InetSocketAddress(host, port), CONNECT_MILLIS);
      socket.setKeepAlive(true);
      socket.setTcpNoDelay(true);
      return tls.isPresent() ? secured(socket, tls.get()) : socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  /// Verifies that the certificate contains the receiver's name (RFC 5425, section 5.2).
  private Socket secured(Socket socket, SSLContext context) throws IOException {
    SSLSocket secured =
        (SSLSocket) context.getSocketFactory().createSocket(socket, host, port, true);
    SSLParameters parameters = secured.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    secured.setSSLParameters(parameters);
    secured.setSoTimeout(CONNECT_MILLIS);
    secured.startHandshake();
    secured.setSoTimeout(0);
    return secured;
  }

  /// The address as a URL: `tls://logs.example:6514`.
  @Override
  public String toString() {
    return (tls.isPresent() ? "tls://" : "tcp://")
        + (host.contains(":") ? "[" + host + "]" : host)
        + ":"
        + port;
  }
}
