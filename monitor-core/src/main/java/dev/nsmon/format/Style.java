package dev.nsmon.format;

/// How text looks: with colour or without, in Unicode or ASCII.
///
/// @param colour whether to use ANSI colours (ECMA-48 SGR)
/// @param unicode whether the reader's locale can show more than ASCII
public record Style(boolean colour, boolean unicode) {
  public static final Style PLAIN = new Style(false, false);

  /// The colours that mean something here.
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

  /// A text from outside as a heading.
  public String heading(String text) {
    return paint(Colour.BOLD, show(Escape.text(text)));
  }

  /// The arrow of a move.
  public String arrow() {
    return unicode ? "→" : "->";
  }

  /// Text with what the reader can't show replaced by its escape. It must have been through
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
