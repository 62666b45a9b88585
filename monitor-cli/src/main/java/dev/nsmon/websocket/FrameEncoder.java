package dev.nsmon.websocket;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.nsmon.event.Kind;
import dev.nsmon.event.NamespaceEvent;
import dev.nsmon.format.CloudEvents;
import dev.nsmon.format.CloudEventsFormat;
import dev.nsmon.format.Host;
import dev.nsmon.format.JsonFormat;
import dev.nsmon.log.Entry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

/// Encodes records as frames. If the journal has written a record, the frame has the journal's
/// bytes. Used by one thread at a time.
final class FrameEncoder {
  /// Bytes reserved before a payload for the frame's header.
  private static final int HEAD = 16;

  /// First byte of an unfragmented text frame: FIN and opcode 1 (RFC 6455 section 5.2).
  private static final int TEXT = 0x81;

  private final Framing framing;
  private final String stream;
  private final JsonFormat json;
  private final CloudEventsFormat cloudEvents;
  private final Buffer buffer = new Buffer();

  /// Index of the frame's first byte in the buffer.
  private int begin;

  FrameEncoder(Framing framing, Host host, String stream) {
    this.framing = framing;
    this.stream = stream;
    this.json = new JsonFormat(host, stream);
    this.cloudEvents = new CloudEventsFormat(host, stream);
  }

  /// Encodes a record. Its frame can be read until the next one is encoded.
  void encode(Entry entry) {
    reset();
    try {
      switch (framing) {
        case JSON -> record(entry);
        case CLOUDEVENTS -> cloudEvent(entry);
        case SERVER_SENT -> {
          text("id: " + CloudEvents.id(stream, entry.seq()) + "\n");
          sentEvent(entry.kind());
          record(entry);
          text("\n\n");
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("memory can't fail", e);
    }
    frame();
  }

  /// Encodes an event without a number, such as a part of a state.
  ///
  /// @param name replaces the number in the id of a CloudEvent
  void encodeUnnumbered(String name, NamespaceEvent event) {
    reset();
    try {
      switch (framing) {
        case JSON -> line(event);
        case CLOUDEVENTS -> {
          cloudEvents.writeUnnumbered(name, event, buffer);
          buffer.dropLineEnd();
        }
        case SERVER_SENT -> {
          sentEvent(event.kind());
          line(event);
          text("\n\n");
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("memory can't fail", e);
    }
    frame();
  }

  /// Buffer with the frame: [#length] bytes from [#begin]. Must not be changed.
  byte[] array() {
    return buffer.array();
  }

  int begin() {
    return begin;
  }

  int length() {
    return buffer.size() - begin;
  }

  private void reset() {
    buffer.reset();
    buffer.skip(HEAD);
  }

  private void record(Entry entry) throws IOException {
    if (entry.json().isPresent()) {
      buffer.write(entry.json().get());
    } else {
      json.write(entry.seq(), entry.event(), buffer);
      buffer.dropLineEnd();
    }
  }

  private void line(NamespaceEvent event) throws IOException {
    json.writeUnnumbered(event, buffer);
    buffer.dropLineEnd();
  }

  private void cloudEvent(Entry entry) throws IOException {
    Optional<byte[]> written = entry.json();
    if (written.isPresent()) {
      boolean named =
          entry.kind() == Kind.NAMESPACE_CREATED || entry.kind() == Kind.NAMESPACE_DESTROYED;
      Optional<String> subject = named ? CloudEvents.subject(entry.event()) : Optional.empty();
      cloudEvents.write(
          entry.seq(),
          entry.kind(),
          entry.time(),
          subject,
          written.get(),
          written.get().length,
          buffer);
    } else {
      cloudEvents.write(entry.seq(), entry.event(), buffer);
    }
    buffer.dropLineEnd();
  }

  private void sentEvent(Kind kind) {
    text("event: " + kind + "\ndata: ");
  }

  private void text(String ascii) {
    buffer.writeBytes(ascii.getBytes(US_ASCII));
  }

  /// Writes the frame's header right before the payload.
  private void frame() {
    int length = buffer.size() - HEAD;
    if (framing == Framing.SERVER_SENT) {
      byte[] size = (Integer.toHexString(length) + "\r\n").getBytes(US_ASCII);
      begin = HEAD - size.length;
      System.arraycopy(size, 0, buffer.array(), begin, size.length);
      text("\r\n");
      return;
    }
    // RFC 6455 section 5.2: the length in 7 bits, or in the 2 or 8 bytes after them.
    int more = length < 126 ? 0 : length <= 0xffff ? 2 : 8;
    begin = HEAD - 2 - more;
    byte[] array = buffer.array();
    array[begin] = (byte) TEXT;
    array[begin + 1] = (byte) (more == 0 ? length : more == 2 ? 126 : 127);
    for (int i = 0; i < more; i++) {
      array[HEAD - 1 - i] = (byte) ((long) length >> (8 * i));
    }
  }

  /// Byte stream that gives access to its array without a copy.
  private static final class Buffer extends ByteArrayOutputStream {
    Buffer() {
      super(1024);
    }

    byte[] array() {
      return buf;
    }

    /// Leaves bytes free at the start. Called after a reset only, with less than the initial
    /// capacity.
    void skip(int bytes) {
      count = bytes;
    }

    void dropLineEnd() {
      count--;
    }
  }
}
