package dev.nsmon.websocket;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/// The frames that are no records, ready for the wire (RFC 6455 section 5.5, and chunks of RFC 9112
/// section 7.1).
final class Frames {
  /// A frame whose FIN bit is set.
  private static final int FIN = 0x80;

  private static final int CLOSE = 8;
  private static final int PING = 9;
  private static final int PONG = 10;

  /// What fits into a control frame beside the code.
  private static final int MOST_REASON = 123;

  private static final byte[] COMMENT = "3\r\n:\n\n\r\n".getBytes(US_ASCII);
  private static final byte[] LAST_CHUNK = "0\r\n\r\n".getBytes(US_ASCII);

  private Frames() {}

  static ByteBuf ping() {
    return Unpooled.wrappedBuffer(new byte[] {(byte) (FIN | PING), 0});
  }

  /// The answer to a ping.
  static ByteBuf pong(ByteBuf payload) {
    byte[] frame = new byte[2 + payload.readableBytes()];
    frame[0] = (byte) (FIN | PONG);
    frame[1] = (byte) payload.readableBytes();
    payload.getBytes(payload.readerIndex(), frame, 2, payload.readableBytes());
    return Unpooled.wrappedBuffer(frame);
  }

  /// @param code negative for a close that says nothing
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

  /// Says nothing, and keeps alive what is in between.
  static ByteBuf comment() {
    return Unpooled.wrappedBuffer(COMMENT);
  }

  /// The end of a body.
  static ByteBuf lastChunk() {
    return Unpooled.wrappedBuffer(LAST_CHUNK);
  }
}
