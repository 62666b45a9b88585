package dev.nsmon.format;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReference;

/// Writes one JSON value of a record into memory, in ASCII: the same bytes as Jackson's generator
/// with `ESCAPE_NON_ASCII`, in a third of its time. All that is published is written by this, and
/// names of fields, which are our own, need no look at what is in them.
///
/// Used by one thread. The caller sees to it that what begins also ends.
final class JsonWriter {
  private static final byte[] HEX = ascii("0123456789ABCDEF");

  /// What is larger is not kept for the next record.
  private static final int KEPT_BYTES = 64 * 1024;

  /// Digits of the largest.
  private static final int LONGEST_NUMBER = 19;

  /// A writer that nobody uses at the moment; null if there is none.
  private static final AtomicReference<JsonWriter> IDLE = new AtomicReference<>();

  private byte[] bytes = new byte[2048];
  private int size;

  private JsonWriter() {}

  /// An empty one. The last call is one of [#end] and [#endLine].
  static JsonWriter begin() {
    JsonWriter idle = IDLE.getAndSet(null);
    return idle == null ? new JsonWriter() : idle;
  }

  /// What was written.
  byte[] end() {
    byte[] written = Arrays.copyOf(bytes, size);
    leave();
    return written;
  }

  /// Hands on what was written, and a line end.
  void endLine(OutputStream out) throws IOException {
    append('\n');
    out.write(bytes, 0, size);
    leave();
  }

  /// To the next record.
  private void leave() {
    size = 0;
    if (bytes.length <= KEPT_BYTES) {
      IDLE.set(this);
    }
  }

  void writeStartObject() {
    separate();
    append('{');
  }

  void writeEndObject() {
    append('}');
  }

  void writeEndArray() {
    append(']');
  }

  void writeObjectFieldStart(String name) {
    writeFieldName(name);
    append('{');
  }

  void writeArrayFieldStart(String name) {
    writeFieldName(name);
    append('[');
  }

  void writeStringField(String name, String value) {
    writeFieldName(name);
    quote(value);
  }

  /// A time as [Rfc3339#utc] has it.
  void writeTimeField(String name, Instant time) {
    writeFieldName(name);
    append('"');
    append(Rfc3339.ascii(time));
    append('"');
  }

  void writeNumberField(String name, long value) {
    writeFieldName(name);
    digits(value);
  }

  /// A number as text, since it may exceed 2^53.
  void writeNumberAsStringField(String name, long value) {
    writeFieldName(name);
    append('"');
    digits(value);
    append('"');
  }

  void writeBooleanField(String name, boolean value) {
    writeFieldName(name);
    append(value ? TRUE : FALSE);
  }

  void writeString(String value) {
    separate();
    quote(value);
  }

  void writeNumber(long value) {
    separate();
    digits(value);
  }

  /// Fields that were written before, as they stand between braces.
  void writeFields(byte[] fields) {
    separate();
    append(fields);
  }

  private static final byte[] TRUE = ascii("true");
  private static final byte[] FALSE = ascii("false");

  /// @param name of ASCII, without what would have to be escaped
  @SuppressWarnings("deprecation")
  private void writeFieldName(String name) {
    separate();
    int length = name.length();
    reserve(length + 3);
    bytes[size++] = '"';
    // A mere copy, since it is known to be ASCII.
    name.getBytes(0, length, bytes, size);
    size += length;
    bytes[size++] = '"';
    bytes[size++] = ':';
  }

  /// A comma, unless this is the first in its object or array. No value ends like these.
  private void separate() {
    if (size > 0) {
      byte last = bytes[size - 1];
      if (last != '{' && last != '[' && last != ':') {
        append(',');
      }
    }
  }

  private void quote(String value) {
    append('"');
    appendText(value);
    append('"');
  }

  private void appendText(String text) {
    int length = text.length();
    // The longest that a character becomes is an escape of six.
    reserve(6 * length);
    byte[] to = bytes;
    int at = size;
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      if (c >= ' ' && c < 0x80 && c != '"' && c != '\\') {
        to[at++] = (byte) c;
      } else {
        at = escape(c, to, at);
      }
    }
    size = at;
  }

  private static int escape(char c, byte[] to, int from) {
    int at = from;
    to[at++] = '\\';
    int letter =
        switch (c) {
          case '"', '\\' -> c;
          case '\b' -> 'b';
          case '\t' -> 't';
          case '\n' -> 'n';
          case '\f' -> 'f';
          case '\r' -> 'r';
          default -> 'u';
        };
    to[at++] = (byte) letter;
    if (letter == 'u') {
      for (int shift = 12; shift >= 0; shift -= 4) {
        to[at++] = HEX[c >> shift & 15];
      }
    }
    return at;
  }

  private void digits(long value) {
    if (value < 0) {
      append(ascii(Long.toString(value)));
      return;
    }
    reserve(LONGEST_NUMBER);
    int at = size + length(value);
    size = at;
    long left = value;
    // Two at a time: a division takes longer than all else here.
    while (left >= 10) {
      int pair = (int) (left % 100);
      left /= 100;
      bytes[--at] = (byte) ('0' + pair % 10);
      bytes[--at] = (byte) ('0' + pair / 10);
    }
    if (left > 0 || value == 0) {
      bytes[--at] = (byte) ('0' + left);
    }
  }

  private static int length(long value) {
    int length = 1;
    for (long limit = 10; length < LONGEST_NUMBER && value >= limit; limit *= 10) {
      length++;
    }
    return length;
  }

  private void append(char c) {
    reserve(1);
    bytes[size++] = (byte) c;
  }

  private void append(byte[] more) {
    reserve(more.length);
    System.arraycopy(more, 0, bytes, size, more.length);
    size += more.length;
  }

  private void reserve(int more) {
    if (bytes.length - size < more) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, size + more));
    }
  }

  @SuppressWarnings("deprecation")
  private static byte[] ascii(String text) {
    byte[] ascii = new byte[text.length()];
    text.getBytes(0, ascii.length, ascii, 0);
    return ascii;
  }
}
