package dev.nsmon.cli;

/// What the exit codes mean. After a signal it is 128 and the signal's number, as the JVM has it:
/// 130 for SIGINT, 143 for SIGTERM.
final class ExitCode {
  static final int DONE = 0;
  static final int FAILURE = 1;
  static final int USAGE = 2;
  static final int CONFIGURATION = 3;
  static final int PRIVILEGE = 4;

  /// As the help of every command lists them.
  static final String HELP_HEADING = "%nExit codes:%n";

  private ExitCode() {}
}
