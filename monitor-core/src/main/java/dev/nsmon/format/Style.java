package dev.nsmon.format;

/// The style of text output: with or without colour, Unicode or ASCII.
///
/// @param colour true to use ANSI colours (ECMA-48 SGR)
/// @param unicode true if the reader's locale can display more than ASCII
public record Style(boolean colour, boolean unicode) {
  public static final Style PLAIN = new Style(false, false);

  /// The colours in use.
  public enum Colour {
    GREEN("32"),
    RED("31"),
    YELLOW("33"),
    CYAN("36"),
    BOLD("1"),
    DIM("2");

    private final String code;

    Colour(String code) {
      this.code = code;
    }
  }

  /// The text in a colour.
  public String paint(Colour with, String text) {
    return colour ? "\u001b[" + with.code + "m" + text + "\u001b[0m" : text;
  }

  /// An untrusted text as a heading; it is escaped.
  public String heading(String text) {
    return paint(Colour.BOLD, show(Escape.text(text)));
  }

  /// The arrow of a move.
  public String arrow() {
    return unicode ? "→" : "->";
  }

  /// Replaces characters that the reader can't display by escapes. The text must have passed
  /// [Escape#text].
  public String show(String text) {
    if (unicode) {
      return text;
    }
    StringBuilder ascii = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            code -> {
              if (code < 0x7f) {
                ascii.append((char) code);
              } else {
                ascii.append('\\').append("u{").append(Integer.toHexString(code)).append('}');
              }
            });
    return ascii.toString();
  }
}
