package dev.nsmon.websocket;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/// Frames without a record: WebSocket control frames (RFC 6455 section 5.5), and chunks of
/// Server-Sent Events (RFC 9112 section 7.1).
final class Frames {
  /// A frame whose FIN bit is set.
  private static final int FIN = 0x80;

  private static final int CLOSE = 8;
  private static final int PING = 9;
  private static final int PONG = 10;

  /// Longest close reason in bytes: a control frame holds 125, two of them for the code.
  private static final int MOST_REASON = 123;

  private static final byte[] COMMENT = "3\r\n:\n\n\r\n".getBytes(US_ASCII);
  private static final byte[] CHUNK_END = "\r\n".getBytes(US_ASCII);
  private static final byte[] LAST_CHUNK = "0\r\n\r\n".getBytes(US_ASCII);

  private Frames() {}

  static ByteBuf ping() {
    return Unpooled.wrappedBuffer(new byte[] {(byte) (FIN | PING), 0});
  }

  /// The pong for a ping with this payload.
  static ByteBuf pong(ByteBuf payload) {
    byte[] frame = new byte[2 + payload.readableBytes()];
    frame[0] = (byte) (FIN | PONG);
    frame[1] = (byte) payload.readableBytes();
    payload.getBytes(payload.readerIndex(), frame, 2, payload.readableBytes());
    return Unpooled.wrappedBuffer(frame);
  }

  /// A close frame; a longer reason is cut.
  ///
  /// @param code negative for a close frame without code and reason
  static ByteBuf close(int code, String reason) {
    if (code < 0) {
      return Unpooled.wrappedBuffer(new byte[] {(byte) (FIN | CLOSE), 0});
    }
    byte[] text = reason.getBytes(UTF_8);
    int length = Math.min(text.length, MOST_REASON);
    byte[] frame = new byte[4 + length];
    frame[0] = (byte) (FIN | CLOSE);
    frame[1] = (byte) (2 + length);
    frame[2] = (byte) (code >> 8);
    frame[3] = (byte) code;
    System.arraycopy(text, 0, frame, 4, length);
    return Unpooled.wrappedBuffer(frame);
  }

  /// An empty comment of Server-Sent Events. It keeps proxies from closing an idle connection.
  static ByteBuf comment() {
    return Unpooled.wrappedBuffer(COMMENT);
  }

  /// The last chunks of a body: the reason as a comment, and the end.
  static ByteBuf lastChunk(String reason) {
    byte[] comment = (": " + reason + "\n\n").getBytes(UTF_8);
    byte[] head = (Integer.toHexString(comment.length) + "\r\n").getBytes(US_ASCII);
    return Unpooled.wrappedBuffer(head, comment, CHUNK_END, LAST_CHUNK);
  }
}
