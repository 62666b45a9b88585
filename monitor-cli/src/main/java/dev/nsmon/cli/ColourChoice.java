package dev.nsmon.cli;

import java.util.Locale;

/// The values of `--color`.
enum ColourChoice {
  AUTO,
  ALWAYS,
  NEVER;

  /// The value on the command line.
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
