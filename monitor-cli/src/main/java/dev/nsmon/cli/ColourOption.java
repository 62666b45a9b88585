package dev.nsmon.cli;

import dev.nsmon.format.Style;
import picocli.CommandLine.Option;

/// Whether to colour what goes to stdout.
final class ColourOption {
  @Option(
      names = "--color",
      paramLabel = "WHEN",
      defaultValue = "auto",
      converter = Converters.OfColour.class,
      description = "auto (on a terminal, unless NO_COLOR is set), always, never.")
  private ColourChoice choice;

  /// How to write to stdout.
  Style style() {
    return Terminal.style(choice);
  }
}
