package dev.nsmon.cli;

import java.util.Locale;

/// The values of `--output`.
enum OutputChoice {
  TEXT,
  JSON;

  /// The value on the command line.
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
