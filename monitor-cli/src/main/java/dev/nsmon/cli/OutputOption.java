package dev.nsmon.cli;

import picocli.CommandLine.Option;

/// How records are written.
final class OutputOption {
  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      defaultValue = "text",
      converter = Converters.OfOutput.class,
      description = "text, or json for one record a line.")
  OutputChoice choice;
}
