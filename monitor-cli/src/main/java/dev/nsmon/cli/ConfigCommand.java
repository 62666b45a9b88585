package dev.nsmon.cli;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `nsmon config`: checks or prints the configuration of `serve`.
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

  /// The configuration file in `NSMON_CONFIG`; empty if it is unset or empty.
  static Optional<String> file() {
    return Optional.ofNullable(System.getenv("NSMON_CONFIG")).filter(name -> !name.isEmpty());
  }

  private static String file(String given) {
    return given == null ? file().orElse(USUAL) : given;
  }

  /// `nsmon config check`.
  @Command(
      name = "check",
      description = {
        "Says what is wrong with a configuration, in this environment. Reads every file that",
        "nsmon serve reads, as the user who calls it. What may get better by itself, such as a"
            + " full",
        "disk or a broker that is away, is named too, and is no mistake."
      },
      exitCodeListHeading = ExitCode.HELP_HEADING,
      exitCodeList = {
        "0:nothing is wrong that keeps nsmon serve from starting",
        "3:something is, a line for each mistake"
      },
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
    public Integer call() throws BadConfigurationException, InterruptedException {
      String name = file(file);
      List<String> warnings =
          Configuration.read(
                  Optional.of(name), System.getenv(), spec.commandLine().getParseResult())
              .warnings();
      warnings.forEach(line -> Words.say(line));
      Words.say(
          name
              + (warnings.isEmpty()
                  ? ": nothing is wrong"
                  : ": serve starts with this, see the warnings above"));
      return ExitCode.DONE;
    }
  }

  /// `nsmon config print`.
  @Command(
      name = "print",
      description = {
        "Prints what nsmon serve would do with a configuration in this environment,",
        "as a configuration, and where each value comes from. Reads no file that it names."
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
      Configuration written =
          Configuration.written(
              Optional.of(file(file)), System.getenv(), spec.commandLine().getParseResult());
      return Output.write(new ConfigText(written).bytes());
    }
  }
}
