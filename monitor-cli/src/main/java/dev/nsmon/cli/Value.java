package dev.nsmon.cli;

import java.util.List;
import java.util.Map;

/// A value of an option of `serve`, not yet converted.
///
/// @param option the name of the option, such as `--interval`
/// @param text as it was written
/// @param origin where it was written
record Value(String option, String text, Origin origin) {

  /// Where a value was written. Precedence increases in the order of the records below.
  sealed interface Origin {
    /// In the configuration file. Lines and columns begin with 1; 0 stands for the file as a whole.
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

  /// All values of an option.
  static List<Value> of(String option, Map<String, List<Value>> values) {
    return values.values().stream()
        .flatMap(List::stream)
        .filter(one -> one.option().equals(option))
        .toList();
  }

  /// The name of the Kafka property that this sets; "" if the option is another one than `-K`.
  String property() {
    return option.equals(Keys.PROPERTIES) ? text.replaceFirst("(?s)=.*", "").strip() : "";
  }
}
