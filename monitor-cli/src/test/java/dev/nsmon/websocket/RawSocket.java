package dev.nsmon.websocket;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;

/// A WebSocket client that does nothing by itself: it reads when it is told to, and answers
/// nothing.
final class RawSocket implements AutoCloseable {
  static final int TEXT = 1;
  static final int CLOSE = 8;
  static final int PING = 9;
  static final int PONG = 10;

  /// More than any test is sent at once.
  private static final int LIMIT = 64 << 20;

  private final Socket socket = new Socket();
  private final DataInputStream in;

  /// A frame; of a close the payload is the code and the reason in words.
  record Frame(int opcode, String payload) {}

  /// @param receiveBuffer of the kernel, in bytes
  RawSocket(int port, String query, int receiveBuffer, String... subprotocols) throws IOException {
    socket.setReceiveBufferSize(receiveBuffer);
    socket.setSoTimeout(20_000);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    String request =
        "GET /events"
            + query
            + " HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
            + (subprotocols.length == 0
                ? ""
                : "Sec-WebSocket-Protocol: " + String.join(", ", subprotocols) + "\r\n")
            + "\r\n";
    socket.getOutputStream().write(request.getBytes(US_ASCII));
    in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 1024));
    int line = 0;
    for (int last = 0; line < 2; ) {
      int next = in.readUnsignedByte();
      line = next == '\n' ? (last == '\n' ? 2 : 1) : line;
      last = next == '\r' ? last : next;
    }
  }

  /// Waits for the next frame.
  ///
  /// @throws java.io.EOFException at the end
  Frame read() throws IOException {
    int opcode = in.readUnsignedByte() & 15;
    long length = in.readUnsignedByte();
    if (length == 126) {
      length = in.readUnsignedShort();
    } else if (length == 127) {
      length = in.readLong();
    }
    if (length > LIMIT) {
      throw new IOException("a frame of " + length);
    }
    byte[] payload = in.readNBytes((int) length);
    if (opcode == CLOSE && payload.length >= 2) {
      int code = ((payload[0] & 255) << 8) | (payload[1] & 255);
      return new Frame(opcode, code + " " + new String(payload, 2, payload.length - 2, UTF_8));
    }
    return new Frame(opcode, new String(payload, UTF_8));
  }

  /// Sends a frame, with a mask of zeros.
  ///
  /// @param payload of less than 126 bytes
  void send(int opcode, byte[] payload) throws IOException {
    byte[] frame = new byte[6 + payload.length];
    frame[0] = (byte) (0x80 | opcode);
    frame[1] = (byte) (0x80 | payload.length);
    System.arraycopy(payload, 0, frame, 6, payload.length);
    socket.getOutputStream().write(frame);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
