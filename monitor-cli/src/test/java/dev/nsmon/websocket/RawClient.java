package dev.nsmon.websocket;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;

/// A client that may say anything.
final class RawClient implements AutoCloseable {
  /// More than any test is sent at once.
  private static final int LIMIT = 64 << 20;

  private static final int PATIENCE_MILLIS = 20_000;
  private static final int TEXT = 1;
  private static final int CLOSE = 8;

  private final Socket socket;
  private final DataInputStream in;

  /// What came in one frame.
  ///
  /// @param code of a close, else 0
  /// @param payload without the code
  record Frame(int opcode, int code, String payload) {}

  /// @param from the address to connect from
  RawClient(InetSocketAddress address, String from) throws IOException {
    this(connected(address, from));
  }

  RawClient(Socket connected) throws IOException {
    socket = connected;
    socket.setSoTimeout(PATIENCE_MILLIS);
    in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
  }

  private static Socket connected(InetSocketAddress address, String from) throws IOException {
    Socket socket = new Socket();
    socket.bind(new InetSocketAddress(from, 0));
    socket.connect(address, PATIENCE_MILLIS);
    return socket;
  }

  /// The handshake of a WebSocket, with more headers.
  static String upgrade(String host, String... headers) {
    return request(
        "GET /events HTTP/1.1",
        "Host: " + host,
        "Connection: Upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        String.join("\r\n", headers));
  }

  /// Lines with their ends, empty ones left out, and the end of the head.
  static String request(String... lines) {
    StringBuilder request = new StringBuilder();
    for (String line : lines) {
      if (!line.isEmpty()) {
        request.append(line).append("\r\n");
      }
    }
    return request.append("\r\n").toString();
  }

  void send(String text) throws IOException {
    send(text.getBytes(ISO_8859_1));
  }

  void send(byte... bytes) throws IOException {
    socket.getOutputStream().write(bytes);
  }

  /// Whether something has come that was not read.
  boolean hasMore() throws IOException {
    return in.available() > 0;
  }

  /// Reads the head of an answer, and fails unless it begins like this.
  String expect(String beginning) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      assertTrue(next >= 0, () -> "the connection ended after: " + head);
      head.append((char) next);
      assertTrue(head.length() < LIMIT, "the head has no end");
    }
    assertTrue(head.toString().startsWith(beginning), head::toString);
    return head.toString();
  }

  /// Everything until the server ends the connection, in order.
  String untilEnd() throws IOException {
    byte[] all = in.readNBytes(LIMIT);
    assertTrue(all.length < LIMIT, "there is no end");
    return new String(all, ISO_8859_1);
  }

  /// So many bytes of a body.
  String text(int length) throws IOException {
    return new String(in.readNBytes(length), UTF_8);
  }

  Frame frame() throws IOException {
    int opcode = in.readUnsignedByte() & 0xf;
    int length = in.readUnsignedByte();
    if (length == 126) {
      length = in.readUnsignedShort();
    } else if (length == 127) {
      length = Math.toIntExact(in.readLong());
    }
    assertTrue(length < LIMIT, "a frame of " + length);
    int code = opcode == CLOSE && length >= 2 ? in.readUnsignedShort() : 0;
    byte[] payload = in.readNBytes(code == 0 ? length : length - 2);
    return new Frame(opcode, code, new String(payload, UTF_8));
  }

  /// Waits for a text that has this in it.
  String awaitText(String part) throws IOException {
    Frame frame = frame();
    while (frame.opcode() != TEXT || !frame.payload().contains(part)) {
      assertTrue(frame.opcode() != CLOSE, frame::toString);
      frame = frame();
    }
    return frame.payload();
  }

  /// Waits for the close, and hands back its code.
  int awaitClose() throws IOException {
    Frame frame = frame();
    while (frame.opcode() != CLOSE) {
      frame = frame();
    }
    return frame.code();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
