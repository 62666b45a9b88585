package dev.nsmon.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// A decoded protobuf message, limited to length-delimited fields: strings and nested messages.
/// Other fields are skipped.
///
/// Source: the wire format, https://protobuf.dev/programming-guides/encoding/.
///
/// @param fields in the order of the message
record Protobuf(List<Field> fields) {
  private static final int VARINT = 0;
  private static final int EIGHT_BYTES = 1;
  private static final int LENGTH = 2;
  private static final int FOUR_BYTES = 5;
  private static final int MOST_VARINT_BYTES = 10;

  record Field(int number, ByteBuffer value) {}

  /// @throws IOException if the bytes are not a valid message
  static Protobuf read(ByteBuffer message) throws IOException {
    ByteBuffer in = message.slice();
    List<Field> fields = new ArrayList<>();
    while (in.hasRemaining()) {
      long tag = varint(in);
      switch ((int) tag & 7) {
        case VARINT -> varint(in);
        case EIGHT_BYTES -> take(in, 8);
        case LENGTH -> fields.add(new Field((int) (tag >>> 3), take(in, varint(in))));
        case FOUR_BYTES -> take(in, 4);
        default -> throw new IOException("no protobuf");
      }
    }
    return new Protobuf(fields);
  }

  private static long varint(ByteBuffer in) throws IOException {
    long value = 0;
    for (int i = 0; i < MOST_VARINT_BYTES && in.hasRemaining(); i++) {
      byte next = in.get();
      value |= (next & 0x7fL) << (7 * i);
      if (next >= 0) {
        return value;
      }
    }
    throw new IOException("no protobuf");
  }

  private static ByteBuffer take(ByteBuffer in, long length) throws IOException {
    if (length < 0 || length > in.remaining()) {
      throw new IOException("no protobuf");
    }
    ByteBuffer value = in.slice(in.position(), (int) length);
    in.position(in.position() + (int) length);
    return value;
  }

  /// The nested message in this field; an empty message if the field is missing.
  Protobuf message(int number) throws IOException {
    return read(last(number));
  }

  /// The string in this field; "" if the field is missing.
  String text(int number) {
    return UTF_8.decode(last(number).duplicate()).toString();
  }

  /// All nested messages of a repeated field.
  List<Protobuf> messages(int number) throws IOException {
    List<Protobuf> all = new ArrayList<>();
    for (Field field : fields) {
      if (field.number() == number) {
        all.add(read(field.value()));
      }
    }
    return all;
  }

  /// The last occurrence of a field, as the protobuf specification demands for singular fields;
  /// empty if there is none.
  private ByteBuffer last(int number) {
    ByteBuffer value = ByteBuffer.allocate(0);
    for (Field field : fields) {
      value = field.number() == number ? field.value() : value;
    }
    return value;
  }

  /// Encodes a message with one string field.
  ///
  /// @param number of the field, at most 15
  /// @param text at most 127 bytes in UTF-8, so that its length is one byte
  static byte[] ofText(int number, String text) {
    byte[] value = text.getBytes(UTF_8);
    if (number > 15 || value.length > 127) {
      throw new IllegalArgumentException("longer than one byte tells");
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream(value.length + 2);
    out.write(number << 3 | LENGTH);
    out.write(value.length);
    out.writeBytes(value);
    return out.toByteArray();
  }
}
