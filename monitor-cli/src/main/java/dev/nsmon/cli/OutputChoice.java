package dev.nsmon.cli;

import java.util.Locale;

/// The values of `--output`.
enum OutputChoice {
  TEXT,
  JSON;

  /// As it is typed and shown.
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
