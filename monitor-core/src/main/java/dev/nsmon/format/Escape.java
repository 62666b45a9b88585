package dev.nsmon.format;

/// The one place where text from outside is made fit to be shown to people: process names, paths
/// and labels are chosen by whoever runs the process, and must not steer a terminal or forge a
/// line.
public final class Escape {
  private static final char[] HEX = "0123456789abcdef".toCharArray();

  private Escape() {}

  /// The text with every character escaped that does not simply print: controls (C0, DEL, C1) as
  /// `\n`, `\t`, `\r`, `\\` or `\xNN`; format characters (among them the bidi controls), line
  /// separators, unpaired surrogates, private and unassigned characters as a backslash and `u{N}`.
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
