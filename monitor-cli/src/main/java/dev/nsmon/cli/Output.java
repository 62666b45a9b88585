package dev.nsmon.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Writes what a command has to say to stdout.
final class Output {
  private Output() {}

  /// Adds these, each with its line end.
  static void add(List<String> lines, ByteArrayOutputStream to) {
    for (String line : lines) {
      to.writeBytes((line + "\n").getBytes(StandardCharsets.UTF_8));
    }
  }

  /// Writes it all; a reader that has gone is no failure.
  static int write(ByteArrayOutputStream text) {
    try {
      text.writeTo(Terminal.stdout());
      return ExitCode.DONE;
    } catch (IOException e) {
      return writeFailure(e);
    }
  }

  /// The exit code after stdout could not be written to.
  static int writeFailure(IOException cause) {
    if ("Broken pipe".equals(cause.getMessage())) {
      return ExitCode.DONE;
    }
    Words.say("can't write to stdout: " + cause.getMessage());
    return ExitCode.FAILURE;
  }
}
