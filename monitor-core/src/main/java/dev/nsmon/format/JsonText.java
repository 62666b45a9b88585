package dev.nsmon.format;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;

/// Writes untrusted texts as JSON strings in ASCII (RFC 8259, section 7). Quotes, backslashes,
/// control characters and all that is not ASCII are escaped.
final class JsonText {
  private static final byte[] HEX = "0123456789ABCDEF".getBytes(US_ASCII);

  /// By ASCII code: true if the character needs no escape.
  private static final boolean[] PLAIN = new boolean[0x80];

  static {
    Arrays.fill(PLAIN, ' ', PLAIN.length, true);
    PLAIN['"'] = false;
    PLAIN['\\'] = false;
  }

  private JsonText() {}

  /// The most bytes that the text can take with quotes: a character becomes at most an escape of
  /// six bytes.
  static int room(String text) {
    return 6 * text.length() + 2;
  }

  /// Writes a text in quotes.
  ///
  /// @param to an array with [#room] for it from `from` on
  /// @return index behind the last byte
  static int put(byte[] to, int from, String text) {
    int at = from;
    int length = text.length();
    to[at++] = '"';
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      if (c < PLAIN.length && PLAIN[c]) {
        to[at++] = (byte) c;
      } else {
        at = escape(c, to, at);
      }
    }
    to[at++] = '"';
    return at;
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
}
