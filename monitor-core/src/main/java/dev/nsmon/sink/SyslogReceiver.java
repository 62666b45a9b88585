package dev.nsmon.sink;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/// Who takes syslog messages, and how.
///
/// @param tls whom to trust; empty for TCP in the clear
public record SyslogReceiver(String host, int port, Optional<SSLContext> tls) {
  private static final int CONNECT_MILLIS = 10_000;

  Socket connect() throws IOException {
    Socket socket = new Socket();
    try {
      socket.connect(new InetSocketAddress(host, port), CONNECT_MILLIS);
      socket.setKeepAlive(true);
      socket.setTcpNoDelay(true);
      return tls.isPresent() ? secured(socket, tls.get()) : socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  /// The name of the receiver has to be in its certificate (RFC 5425, section 5.2).
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

  /// As it is written: `tls://logs.example:6514`.
  @Override
  public String toString() {
    return (tls.isPresent() ? "tls://" : "tcp://")
        + (host.contains(":") ? "[" + host + "]" : host)
        + ":"
        + port;
  }
}
