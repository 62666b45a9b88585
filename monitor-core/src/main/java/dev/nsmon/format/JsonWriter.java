package dev.nsmon.format;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/// Writes one JSON value of a record into memory, in ASCII: the same bytes as Jackson's generator
/// with `ESCAPE_NON_ASCII`, in a third of its time. All that is published is written by this, and
/// names of fields, which are our own, need no look at what is in them.
///
/// Used by one thread. The caller sees to it that what begins also ends.
final class JsonWriter {
  /// What is larger is not kept for the next record.
  private static final int KEPT_BYTES = 64 * 1024;

  /// Of the smallest, with its sign.
  private static final int LONGEST_NUMBER = Digits.MOST + 1;

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

  /// Fields as they stand between braces, for [#writeFields].
  static byte[] fields(Consumer<JsonWriter> some) {
    JsonWriter json = begin();
    some.accept(json);
    return json.end();
  }

  /// A field with each of these texts of ours, by its place among them, for [#writeFields].
  static byte[][] fields(String name, Object[] texts) {
    return Arrays.stream(texts)
        .map(text -> fields(json -> json.writePlainField(name, text.toString())))
        .toArray(byte[][]::new);
  }

  /// How many bytes were written.
  int size() {
    return size;
  }

  /// The fields that were written after so many bytes, for [#writeFields].
  byte[] fieldsSince(int begin) {
    return Arrays.copyOfRange(bytes, bytes[begin] == ',' ? begin + 1 : begin, size);
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
    size = value('{', separated(1));
  }

  void writeEndObject() {
    append('}');
  }

  void writeEndArray() {
    append(']');
  }

  void writeObjectFieldStart(String name) {
    size = value('{', named(name, 1));
  }

  void writeArrayFieldStart(String name) {
    size = value('[', named(name, 1));
  }

  void writeStringField(String name, String value) {
    int at = named(name, JsonText.room(value));
    size = JsonText.put(bytes, at, value);
  }

  /// A text of ours, of ASCII without what would have to be escaped.
  void writePlainField(String name, String value) {
    size = plain(value, named(name, value.length() + 2));
  }

  /// A time as [Rfc3339#utc] has it.
  void writeTimeField(String name, Instant time) {
    int at = named(name, Rfc3339.LENGTH + 2);
    bytes[at] = '"';
    Rfc3339.put(bytes, at + 1, time);
    size = value('"', at + 1 + Rfc3339.LENGTH);
  }

  void writeNumberField(String name, long value) {
    size = number(value, named(name, LONGEST_NUMBER));
  }

  /// A number as text, since it may exceed 2^53.
  void writeNumberAsStringField(String name, long value) {
    int at = named(name, LONGEST_NUMBER + 2);
    size = value('"', number(value, value('"', at)));
  }

  void writeBooleanField(String name, boolean value) {
    byte[] word = value ? TRUE : FALSE;
    int at = named(name, word.length);
    System.arraycopy(word, 0, bytes, at, word.length);
    size = at + word.length;
  }

  void writeString(String value) {
    int at = separated(JsonText.room(value));
    size = JsonText.put(bytes, at, value);
  }

  void writeNumber(long value) {
    size = number(value, separated(LONGEST_NUMBER));
  }

  /// Fields that were written before, as they stand between braces.
  void writeFields(byte[] fields) {
    int at = separated(fields.length);
    System.arraycopy(fields, 0, bytes, at, fields.length);
    size = at + fields.length;
  }

  private static final byte[] TRUE = ascii("true");
  private static final byte[] FALSE = ascii("false");

  // These write from a place on, for which there must be room, and tell where it ends.

  /// The name of a field.
  ///
  /// @param name of ASCII, without what would have to be escaped
  /// @param more as much room there is to be after it
  @SuppressWarnings("deprecation")
  private int named(String name, int more) {
    int length = name.length();
    int at = separated(length + 3 + more);
    byte[] to = bytes;
    to[at++] = '"';
    // A mere copy, since it is known to be ASCII.
    name.getBytes(0, length, to, at);
    at += length;
    to[at++] = '"';
    to[at++] = ':';
    return at;
  }

  /// A comma, unless this is the first in its object or array.
  ///
  /// @param more as much room there is to be after it
  private int separated(int more) {
    reserve(more + 1);
    int at = size;
    if (at > 0 && isComplete(bytes[at - 1])) {
      bytes[at++] = ',';
    }
    return at;
  }

  /// Whether a value ends like this.
  private static boolean isComplete(byte last) {
    return last != '{' && last != '[' && last != ':';
  }

  private int value(char c, int at) {
    bytes[at] = (byte) c;
    return at + 1;
  }

  private int number(long value, int at) {
    if (value < 0) {
      byte[] text = ascii(Long.toString(value));
      System.arraycopy(text, 0, bytes, at, text.length);
      return at + text.length;
    }
    return Digits.put(bytes, at, value);
  }

  @SuppressWarnings("deprecation")
  private int plain(String text, int from) {
    byte[] to = bytes;
    int at = from;
    int length = text.length();
    to[at++] = '"';
    text.getBytes(0, length, to, at);
    at += length;
    to[at++] = '"';
    return at;
  }

  private void append(char c) {
    reserve(1);
    bytes[size++] = (byte) c;
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
