package dev.nsmon.cli;

import dev.nsmon.format.Style;
import picocli.CommandLine.Option;

/// The option that decides whether text on stdout is coloured.
final class ColourOption {
  @Option(
      names = "--color",
      paramLabel = "WHEN",
      defaultValue = "auto",
      converter = Converters.OfColour.class,
      description = "auto (on a terminal, unless NO_COLOR is set), always, never.")
  private ColourChoice choice;

  /// The style of text on stdout.
  Style style() {
    return Terminal.style(choice);
  }
}
