package dev.nsmon.format;

/// Escapes untrusted text for display, everywhere in nsmon. Names of processes, paths and labels
/// are chosen by the users who run the processes. They must neither control a terminal nor forge a
/// line.
public final class Escape {
  private static final char[] HEX = "0123456789abcdef".toCharArray();

  private Escape() {}

  /// Escapes every character that is not plainly printable. Controls (C0, DEL, C1) and the
  /// backslash become `\n`, `\t`, `\r`, `\\` or `\xNN`. Format characters (including bidi
  /// controls), line separators, unpaired surrogates, private and unassigned characters become a
  /// backslash and `u{N}`.
  public static String text(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ' || c > '~' || c == '\\') {
        StringBuilder escaped = new StringBuilder(text.length() + 16);
        escaped.append(text, 0, i);
        text.substring(i).codePoints().forEach(code -> append(escaped, code));
        return escaped.toString();
      }
    }
    return text;
  }

  private static void append(StringBuilder to, int code) {
    switch (code) {
      case '\n' -> to.append("\\n");
      case '\r' -> to.append("\\r");
      case '\t' -> to.append("\\t");
      case '\\' -> to.append("\\\\");
      default -> {
        if (code < ' ' || (code >= 0x7f && code < 0xa0)) {
          to.append("\\x").append(HEX[code >> 4]).append(HEX[code & 15]);
        } else if (prints(code)) {
          to.appendCodePoint(code);
        } else {
          to.append('\\').append("u{").append(Integer.toHexString(code)).append('}');
        }
      }
    }
  }

  private static boolean prints(int code) {
    return switch (Character.getType(code)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }
}
