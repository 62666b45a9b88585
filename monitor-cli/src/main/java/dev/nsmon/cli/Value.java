package dev.nsmon.cli;

import java.util.List;
import java.util.Map;

/// A value of an option of `serve`, as it was written.
///
/// @param option the name of the option, such as `--interval`
record Value(String option, String text, Origin origin) {

  /// Where a value was written. A later one of these wins over an earlier one.
  sealed interface Origin {
    /// In a file; the first line and the first column are 1.
    record Line(String file, int line, int column) implements Origin {
      @Override
      public String toString() {
        return file + ":" + line + ":" + column;
      }
    }

    /// In the environment.
    record Variable(String name) implements Origin {}

    /// On the command line.
    record Typed() implements Origin {}
  }

  /// Those of an option.
  static List<Value> of(String option, Map<String, List<Value>> values) {
    return values.values().stream()
        .flatMap(List::stream)
        .filter(one -> one.option().equals(option))
        .toList();
  }

  /// The name of a Kafka property; "" if it is none.
  String property() {
    return option.equals(Keys.PROPERTIES) ? text.replaceFirst("(?s)=.*", "").strip() : "";
  }
}
