package dev.nsmon.cli;

import dev.nsmon.format.Escape;

/// Messages for people on stderr; stdout is for data.
final class Words {
  private static final int LONGEST = 1_000;
  private static final String CUT = " [...] ";

  /// Characters kept from the end of a long message: a long value often precedes the error.
  private static final int TAIL = 300;

  private static final int HEAD = LONGEST - CUT.length() - TAIL;

  private Words() {}

  /// Prints one line. Control characters are escaped.
  static void say(String words) {
    System.err.println("nsmon: " + line(words));
  }

  /// The line that [#say] prints: at most 1,000 characters; a longer one loses its middle.
  static String line(String words) {
    return shortened(Escape.text(shortened(words.strip())));
  }

  private static String shortened(String text) {
    return text.length() <= LONGEST
        ? text
        : text.substring(0, HEAD) + CUT + text.substring(text.length() - TAIL);
  }
}
