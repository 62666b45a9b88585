package dev.nsmon.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// A syslog receiver over TCP with octet counting (RFC 6587) that keeps the JSON in each message.
final class SyslogReceiving implements AutoCloseable {
  private final ServerSocket server = new ServerSocket();
  private final List<JsonNode> records = new CopyOnWriteArrayList<>();

  /// Listens at a port that the test has reserved.
  SyslogReceiving(int port) throws IOException {
    server.setReuseAddress(true);
    server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    Thread.ofPlatform().daemon().start(this::accept);
  }

  /// What has come, in the order of each connection.
  List<JsonNode> records() {
    return records;
  }

  private void accept() {
    try {
      while (true) {
        Socket one = server.accept();
        Thread.ofPlatform().daemon().start(() -> receive(one));
      }
    } catch (IOException e) {
      // The test has ended it.
    }
  }

  private void receive(Socket from) {
    try (from) {
      InputStream in = new BufferedInputStream(from.getInputStream());
      for (int length = length(in); length > 0; length = length(in)) {
        String message = new String(in.readNBytes(length), UTF_8);
        records.add(Nsmon.json(message.substring(message.indexOf("{\"schema\""))));
      }
    } catch (IOException e) {
      // A monitor was killed.
    }
  }

  private static int length(InputStream in) throws IOException {
    int length = 0;
    for (int one = in.read(); one >= '0' && one <= '9'; one = in.read()) {
      length = 10 * length + one - '0';
    }
    return length;
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
