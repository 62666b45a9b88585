package dev.nsmon.cli;

import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `nsmon config`: looks at a configuration of `serve`.
@Command(
    name = "config",
    description = "Looks at the configuration of nsmon serve.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {ConfigCommand.Check.class, ConfigCommand.Print.class})
final class ConfigCommand implements Runnable {
  private static final String USUAL = "/etc/nsmon/nsmon.yaml";

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a command is missing: check or print");
  }

  /// The file that the environment names.
  static Optional<String> file() {
    return Optional.ofNullable(System.getenv("NSMON_CONFIG")).filter(name -> !name.isEmpty());
  }

  private static String file(String given) {
    return given == null ? file().orElse(USUAL) : given;
  }

  private static Configuration read(String file, CommandSpec spec)
      throws BadConfigurationException {
    return Configuration.read(
        Optional.of(file), System.getenv(), spec.commandLine().getParseResult());
  }

  /// `nsmon config check`.
  @Command(
      name = "check",
      description = "Says what is wrong with a configuration, in this environment.",
      exitCodeListHeading = ExitCode.HELP_HEADING,
      exitCodeList = {"0:nothing is wrong", "3:something is, a line for each mistake"},
      footerHeading = "%nExamples:%n",
      footer = {
        "  nsmon config check nsmon.yaml",
        "  nsmon config check && systemctl reload nsmon"
      })
  static final class Check implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Parameters(
        paramLabel = "FILE",
        arity = "0..1",
        description = "Default: $$NSMON_CONFIG, else " + USUAL + ".")
    private String file;

    @Override
    public Integer call() throws BadConfigurationException {
      String name = file(file);
      Configuration _ = read(name, spec);
      Words.say(name + ": nothing is wrong");
      return ExitCode.DONE;
    }
  }

  /// `nsmon config print`.
  @Command(
      name = "print",
      description = {
        "Prints what nsmon serve would do with a configuration in this environment,",
        "as a configuration, and where each value comes from."
      },
      exitCodeListHeading = ExitCode.HELP_HEADING,
      exitCodeList = {"0:done", "3:something is wrong, a line for each mistake"},
      footerHeading = "%nExamples:%n",
      footer = "  nsmon config print nsmon.yaml")
  static final class Print implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Parameters(
        paramLabel = "FILE",
        arity = "0..1",
        description = "Default: $$NSMON_CONFIG, else " + USUAL + ".")
    private String file;

    @Override
    public Integer call() throws BadConfigurationException {
      return Output.write(new ConfigText(read(file(file), spec)).bytes());
    }
  }
}
