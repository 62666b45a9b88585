package dev.nsmon.cli;

import picocli.CommandLine.Option;

/// The output format of commands that print namespaces.
final class OutputOption {
  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      defaultValue = "text",
      converter = Converters.OfOutput.class,
      description = "text, or json for one namespace a line.")
  OutputChoice choice;
}
