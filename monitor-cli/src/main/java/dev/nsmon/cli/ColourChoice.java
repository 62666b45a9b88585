package dev.nsmon.cli;

import java.util.Locale;

/// The values of `--color`.
enum ColourChoice {
  AUTO,
  ALWAYS,
  NEVER;

  /// As it is typed and shown.
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
