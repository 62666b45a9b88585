package dev.nsmon.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Writes the output of a command to stdout.
final class Output {
  private Output() {}

  /// Appends these lines, each with a line end.
  static void add(List<String> lines, ByteArrayOutputStream to) {
    for (String line : lines) {
      to.writeBytes((line + "\n").getBytes(StandardCharsets.UTF_8));
    }
  }

  /// Writes everything to stdout and returns the exit code. A broken pipe is no failure.
  static int write(ByteArrayOutputStream text) {
    try {
      text.writeTo(Terminal.stdout());
      return ExitCode.DONE;
    } catch (IOException e) {
      return writeFailure(e);
    }
  }

  /// Returns the exit code for a failed write. Prints a message, unless the pipe is broken.
  static int writeFailure(IOException cause) {
    if ("Broken pipe".equals(cause.getMessage())) {
      return ExitCode.DONE;
    }
    Words.say("can't write to stdout: " + cause.getMessage());
    return ExitCode.FAILURE;
  }
}
