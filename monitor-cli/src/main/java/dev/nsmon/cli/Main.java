package dev.nsmon.cli;

import dev.nsmon.kafka.BadPropertiesException;
import java.io.ByteArrayOutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.UnmatchedArgumentException;

/// The entry point of nsmon.
public final class Main {
  /// All commands, in the order of the help.
  private static final Map<String, Supplier<Object>> COMMANDS = new LinkedHashMap<>();

  static {
    COMMANDS.put("watch", WatchCommand::new);
    COMMANDS.put("serve", ServeCommand::new);
    COMMANDS.put("history", HistoryCommand::new);
    COMMANDS.put("list", ListCommand::new);
    COMMANDS.put("tree", TreeCommand::new);
    COMMANDS.put("kafka", KafkaCommand::new);
    COMMANDS.put("config", ConfigCommand::new);
    COMMANDS.put("doctor", DoctorCommand::new);
    COMMANDS.put("completion", CompletionCommand::new);
    COMMANDS.put("train", TrainCommand::new);
  }

  private static final Set<String> VERSION = Set.of("-V", "--version");

  private Main() {}

  /// Runs a command and exits with its code, see [ExitCode].
  public static void main(String[] args) {
    System.exit(run(args));
  }

  /// Runs a command and returns its exit code.
  public static int run(String... args) {
    // Help and version are written like all data, so that a write error, such as a full disk,
    // fails.
    StringWriter said = new StringWriter();
    int code = commandLine(args).setOut(new PrintWriter(said)).execute(args);
    if (said.getBuffer().isEmpty()) {
      return code;
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(said.toString().getBytes(StandardCharsets.UTF_8));
    int written = Output.write(out);
    return code == ExitCode.DONE ? written : code;
  }

  /// The parser for these arguments. If the first one names a command, the parser knows only that,
  /// and for the version none: reading the options of all commands takes a fifth of the start-up
  /// time.
  static CommandLine commandLine(String... args) {
    CommandLine commandLine = new CommandLine(new RootCommand());
    boolean named = args.length > 0 && (COMMANDS.containsKey(args[0]) || VERSION.contains(args[0]));
    COMMANDS.forEach(
        (name, command) -> {
          if (!named || name.equals(args[0])) {
            commandLine.addSubcommand(name, command.get());
          }
        });
    Ansi ansi = Terminal.wantsColour(Terminal.STDOUT) ? Ansi.ON : Ansi.OFF;
    return commandLine
        .setColorScheme(CommandLine.Help.defaultColorScheme(ansi))
        .setCaseInsensitiveEnumValuesAllowed(false)
        // A filter value may begin with @, which picocli would take for a file of arguments.
        .setExpandAtFiles(false)
        .setParameterExceptionHandler(
            (problem, _) -> {
              // Not the usage: it is longer than a screen.
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
              if (problem instanceof BadConfigurationException bad) {
                bad.lines().forEach(Words::say);
                return ExitCode.CONFIGURATION;
              }
              Words.say(problem.getMessage() == null ? problem.toString() : problem.getMessage());
              return problem instanceof BadPropertiesException
                  ? ExitCode.CONFIGURATION
                  : ExitCode.FAILURE;
            });
  }
}
