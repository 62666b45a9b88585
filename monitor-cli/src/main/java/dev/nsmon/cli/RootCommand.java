package dev.nsmon.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/// `nsmon`: the root command, with the options that all commands inherit.
@SuppressWarnings("UnusedVariable") // picocli reads the help and version flags
@Command(
    name = "nsmon",
    description = "Shows every Linux namespace of this host, as it changes.",
    versionProvider = RootCommand.Version.class,
    synopsisSubcommandLabel = "COMMAND",
    exitCodeListHeading = ExitCode.HELP_HEADING,
    exitCodeList = {
      "0:done",
      "1:failure",
      "2:a wrong option",
      "3:a bad configuration",
      "4:privileges are missing (doctor)",
      "130, 143:ended by SIGINT or SIGTERM"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  nsmon watch                  tail what changes",
      "  nsmon watch -o json          the same as one JSON record a line",
      "  nsmon list --type net        the network namespaces there are",
      "  nsmon tree                   the pid namespaces with their processes",
      "  nsmon history --since 10m    what nsmon serve has kept",
      "  nsmon doctor                 what can be seen here, and what can't"
    })
final class RootCommand implements Runnable {
  static final String COMMANDS =
      "one of watch, serve, history, list, tree, kafka, config, doctor, completion";

  @Spec private CommandSpec spec;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = ScopeType.INHERIT,
      description = "Show this help and exit.")
  private boolean help;

  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      description = "Show the version and exit.")
  private boolean version;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a command is missing: " + COMMANDS);
  }

  /// The version that the build wrote to the jar's manifest.
  static String version() {
    String version = Main.class.getPackage().getImplementationVersion();
    return version == null ? "(unpackaged)" : version;
  }

  /// The output of `--version`.
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {
        "nsmon " + version(),
        "Java " + Runtime.version() + ", Linux " + System.getProperty("os.version")
      };
    }
  }
}
