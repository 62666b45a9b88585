package dev.nsmon.cli;

import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.UnmatchedArgumentException;

/// Starts nsmon.
public final class Main {
  private Main() {}

  /// Runs a command and exits with its code, see [ExitCode].
  public static void main(String[] args) {
    System.exit(run(args));
  }

  /// Runs a command; its exit code.
  public static int run(String... args) {
    return commandLine().execute(args);
  }

  static CommandLine commandLine() {
    CommandLine commandLine = new CommandLine(new RootCommand());
    Ansi ansi = Terminal.wantsColour(Terminal.STDERR) ? Ansi.ON : Ansi.OFF;
    return commandLine
        .setColorScheme(CommandLine.Help.defaultColorScheme(ansi))
        .setCaseInsensitiveEnumValuesAllowed(false)
        .setParameterExceptionHandler(
            (problem, _) -> {
              // One line: the usage of a command is longer than a screen.
              CommandLine command = problem.getCommandLine();
              boolean unknown =
                  problem instanceof UnmatchedArgumentException
                      && command.getCommandSpec().parent() == null;
              Words.say(problem.getMessage() + (unknown ? ": " + RootCommand.COMMANDS : ""));
              Words.say("try '" + command.getCommandSpec().qualifiedName() + " --help'");
              return ExitCode.USAGE;
            })
        .setExecutionExceptionHandler(
            (problem, _, _) -> {
              Words.say(problem.getMessage() == null ? problem.toString() : problem.getMessage());
              return ExitCode.FAILURE;
            });
  }
}
