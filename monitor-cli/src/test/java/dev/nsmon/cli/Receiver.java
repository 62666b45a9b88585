package dev.nsmon.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.locks.LockSupport;

/// A receiver of syslog at a port of loopback, which reads so many bytes ten times a second, and no
/// more.
final class Receiver implements AutoCloseable {
  private static final long PAUSE_NANOS = 100_000_000;

  /// Of the kernel's buffer: what does not fit waits at the sender.
  private static final int BUFFER_BYTES = 64 << 10;

  private final ServerSocket socket;
  private final int bytes;

  private Receiver(int bytes) throws IOException {
    this.bytes = bytes;
    socket = new ServerSocket();
    socket.setReceiveBufferSize(BUFFER_BYTES);
    socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    Thread _ = Thread.ofPlatform().daemon().name("receiver").start(this::accept);
  }

  static Receiver reading(int bytes) {
    try {
      return new Receiver(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void accept() {
    try {
      while (true) {
        Socket one = socket.accept();
        Thread _ = Thread.ofPlatform().daemon().name("received").start(() -> drain(one));
      }
    } catch (IOException e) {
      // The end.
    }
  }

  private void drain(Socket from) {
    try (from) {
      InputStream in = from.getInputStream();
      while (in.readNBytes(bytes).length == bytes) {
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    } catch (IOException e) {
      // The end.
    }
  }

  /// As `--syslog` takes it.
  String place() {
    return "tcp://127.0.0.1:" + socket.getLocalPort();
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
