package dev.nsmon.format;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/// Writes one JSON value of a record into memory, in ASCII. The bytes equal those of Jackson's
/// generator with `ESCAPE_NON_ASCII`, in a third of its time. Everything that is published goes
/// through this class. Field names are constants of nsmon and are not escaped.
///
/// Used by one thread. The caller must close what it opens.
final class JsonWriter {
  /// A buffer of more bytes is not reused for the next record.
  private static final int KEPT_BYTES = 64 * 1024;

  /// The most characters of a number, with sign.
  private static final int LONGEST_NUMBER = Digits.MOST + 1;

  /// A pool of one unused writer; null while it is taken.
  private static final AtomicReference<JsonWriter> IDLE = new AtomicReference<>();

  private byte[] bytes = new byte[2048];
  private int size;

  private JsonWriter() {}

  /// Returns an empty writer. The caller must finish with [#end] or [#endLine].
  static JsonWriter begin() {
    JsonWriter idle = IDLE.getAndSet(null);
    return idle == null ? new JsonWriter() : idle;
  }

  /// Encodes fields without braces, for [#writeFields].
  static byte[] fields(Consumer<JsonWriter> some) {
    JsonWriter json = begin();
    some.accept(json);
    return json.end();
  }

  /// Encodes one field for each of these constant texts, by index, for [#writeFields].
  static byte[][] fields(String name, Object[] texts) {
    return Arrays.stream(texts)
        .map(text -> fields(json -> json.writePlainField(name, text.toString())))
        .toArray(byte[][]::new);
  }

  /// The number of bytes written so far.
  int size() {
    return size;
  }

  /// The fields written after this number of bytes, for [#writeFields].
  byte[] fieldsSince(int begin) {
    return Arrays.copyOfRange(bytes, bytes[begin] == ',' ? begin + 1 : begin, size);
  }

  /// Returns the bytes and gives the writer back to the pool.
  byte[] end() {
    byte[] written = Arrays.copyOf(bytes, size);
    leave();
    return written;
  }

  /// Writes the bytes and a line end to `out` and gives the writer back to the pool.
  void endLine(OutputStream out) throws IOException {
    append('\n');
    out.write(bytes, 0, size);
    leave();
  }

  /// Gives the writer back to the pool.
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

  /// Writes a constant ASCII text that needs no escapes.
  void writePlainField(String name, String value) {
    size = plain(value, named(name, value.length() + 2));
  }

  /// Writes a time in the form of [Rfc3339#utc].
  void writeTimeField(String name, Instant time) {
    int at = named(name, Rfc3339.LENGTH + 2);
    bytes[at] = '"';
    Rfc3339.put(bytes, at + 1, time);
    size = value('"', at + 1 + Rfc3339.LENGTH);
  }

  void writeNumberField(String name, long value) {
    size = number(value, named(name, LONGEST_NUMBER));
  }

  /// Writes a number as a string, because it may exceed 2^53.
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

  /// Writes fields that were encoded earlier, without braces.
  void writeFields(byte[] fields) {
    int at = separated(fields.length);
    System.arraycopy(fields, 0, bytes, at, fields.length);
    size = at + fields.length;
  }

  private static final byte[] TRUE = ascii("true");
  private static final byte[] FALSE = ascii("false");

  // The methods below write at an index, up to which room was reserved, and return the index
  // behind.

  /// Writes the name of a field.
  ///
  /// @param name ASCII that needs no escapes
  /// @param more number of bytes to reserve after it
  @SuppressWarnings("deprecation")
  private int named(String name, int more) {
    int length = name.length();
    int at = separated(length + 3 + more);
    byte[] to = bytes;
    to[at++] = '"';
    // The deprecated method is the fastest copy, and right for ASCII.
    name.getBytes(0, length, to, at);
    at += length;
    to[at++] = '"';
    to[at++] = ':';
    return at;
  }

  /// Writes a comma, unless the value is the first in its object or array.
  ///
  /// @param more number of bytes to reserve after it
  private int separated(int more) {
    reserve(more + 1);
    int at = size;
    if (at > 0 && isComplete(bytes[at - 1])) {
      bytes[at++] = ',';
    }
    return at;
  }

  /// True if this byte ends a value.
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
