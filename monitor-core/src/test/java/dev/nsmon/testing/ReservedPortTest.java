package dev.nsmon.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import org.junit.jupiter.api.Test;

/// A reserved port is a server's whenever it wants it, and nobody else's.
final class ReservedPortTest {
  private final InetAddress loopback = InetAddress.getLoopbackAddress();

  @Test
  void aServerComesAndGoes() throws Exception {
    try (ReservedPort port = ReservedPort.open()) {
      for (int i = 0; i < 3; i++) {
        assertThrows(ConnectException.class, () -> new Socket(loopback, port.number()).close());
        try (ServerSocket server = new ServerSocket(port.number(), 1, loopback);
            Socket client = new Socket(loopback, port.number());
            Socket accepted = server.accept()) {
          assertEquals(client.getLocalPort(), accepted.getPort());
        }
      }
    }
  }

  @Test
  void whoDoesNotShareIsRefused() throws Exception {
    try (ReservedPort port = ReservedPort.open();
        ServerSocket other = new ServerSocket()) {
      other.setReuseAddress(false);
      assertThrows(
          BindException.class, () -> other.bind(new InetSocketAddress(loopback, port.number())));
    }
  }
}
