package dev.nsmon.cli;

import java.util.List;

/// Thrown for a configuration that can't be used.
final class BadConfigurationException extends Exception {
  private static final long serialVersionUID = 1;

  /// An array, since fields of an exception must be serializable.
  private final String[] lines;

  /// @param lines for people, one for each error
  BadConfigurationException(List<String> lines) {
    super(String.join("\n", lines));
    this.lines = lines.toArray(String[]::new);
  }

  /// The errors, one line each.
  List<String> lines() {
    return List.of(lines);
  }
}
