package dev.nsmon.cli;

/// Exit codes of all commands. After a signal the JVM exits with 128 and the signal's number: 130
/// for SIGINT, 143 for SIGTERM.
final class ExitCode {
  static final int DONE = 0;
  static final int FAILURE = 1;
  static final int USAGE = 2;
  static final int CONFIGURATION = 3;
  static final int PRIVILEGE = 4;

  /// Heading of the exit codes in the help of each command.
  static final String HELP_HEADING = "%nExit codes:%n";

  private ExitCode() {}
}
