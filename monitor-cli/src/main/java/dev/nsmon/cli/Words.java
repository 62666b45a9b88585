package dev.nsmon.cli;

import dev.nsmon.format.Escape;

/// Words for people, on stderr: stdout is data.
final class Words {
  private Words() {}

  /// One line, with what came from outside escaped.
  static void say(String words) {
    System.err.println("nsmon: " + Escape.text(words.strip()));
  }
}
