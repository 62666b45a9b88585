package dev.nsmon.format;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;

/// Writes texts from outside as strings of JSON in ASCII (RFC 8259, section 7): what is not ASCII,
/// a control character, a quote or a backslash is escaped.
final class JsonText {
  private static final byte[] HEX = "0123456789ABCDEF".getBytes(US_ASCII);

  /// Whether a character of ASCII stands for itself.
  private static final boolean[] PLAIN = new boolean[0x80];

  static {
    Arrays.fill(PLAIN, ' ', PLAIN.length, true);
    PLAIN['"'] = false;
    PLAIN['\\'] = false;
  }

  private JsonText() {}

  /// As much room as the text may take: the longest that a character becomes is an escape of six.
  static int room(String text) {
    return 6 * text.length() + 2;
  }

  /// Writes a text in quotes.
  ///
  /// @param to has room for it from there on
  /// @return where it ends
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
