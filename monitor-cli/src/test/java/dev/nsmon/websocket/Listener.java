package dev.nsmon.websocket;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// A WebSocket client that keeps what it is sent, and answers pings.
///
/// Not the one of the JDK (25.0.3): where much follows the handshake at once, that now and then
/// takes valid frames for invalid UTF-8 at the end of its first 16 KiB.
final class Listener {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final List<JsonNode> records = new ArrayList<>();
  private final CompletableFuture<String> closed = new CompletableFuture<>();
  private final RawSocket client;

  private Listener(RawSocket client) {
    this.client = client;
  }

  static Listener connect(int port, String query, String... subprotocols) throws IOException {
    Listener listener = new Listener(new RawSocket(port, query, 256 << 10, subprotocols));
    Thread.ofVirtual().start(listener::read);
    return listener;
  }

  private void read() {
    try {
      while (true) {
        RawSocket.Frame frame = client.read();
        switch (frame.opcode()) {
          case RawSocket.TEXT -> keep(frame.payload());
          case RawSocket.PING -> client.send(RawSocket.PONG, frame.payload().getBytes(UTF_8));
          case RawSocket.CLOSE -> {
            closed.complete(frame.payload());
            client.close();
            return;
          }
          default -> throw new IOException("unexpected: " + frame);
        }
      }
    } catch (IOException | RuntimeException e) {
      closed.complete(e.toString());
    }
  }

  private synchronized void keep(String text) throws IOException {
    records.add(MAPPER.readTree(text));
  }

  RawSocket client() {
    return client;
  }

  /// Completes with the code and the reason, or with what went wrong.
  CompletableFuture<String> closed() {
    return closed;
  }

  synchronized List<JsonNode> records() {
    return List.copyOf(records);
  }

  synchronized int count() {
    return records.size();
  }

  /// Number of the last record that has one; 0 if there is none.
  synchronized long lastSeq() {
    for (int i = records.size() - 1; i >= 0; i--) {
      if (records.get(i).has("seq")) {
        return records.get(i).get("seq").asLong();
      }
    }
    return 0;
  }
}
