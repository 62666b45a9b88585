package dev.nsmon.cli;

import java.util.List;

/// A configuration that can't be used.
final class BadConfigurationException extends Exception {
  private static final long serialVersionUID = 1;

  /// A copy, so that it can be serialized as exceptions must.
  private final String[] lines;

  /// @param lines for people, one for each mistake
  BadConfigurationException(List<String> lines) {
    super(String.join("\n", lines));
    this.lines = lines.toArray(String[]::new);
  }

  /// What is wrong, one line for each mistake.
  List<String> lines() {
    return List.of(lines);
  }
}
