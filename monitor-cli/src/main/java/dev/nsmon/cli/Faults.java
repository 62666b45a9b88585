package dev.nsmon.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/// Collects errors in a command's options that a converter can't find: values out of range and
/// options that contradict each other.
final class Faults {
  private final ParseResult given;
  private final List<Fault> all = new ArrayList<>();

  /// An error about an option.
  ///
  /// @param option its name, such as `--interval`
  /// @param words what follows the name in the message
  record Fault(String option, String words) {
    @Override
    public String toString() {
      return option + words;
    }
  }

  /// @param given the parsed command line
  Faults(ParseResult given) {
    this.given = given;
  }

  void add(String option, String words) {
    all.add(new Fault(option, words));
  }

  boolean isGiven(String option) {
    return given.hasMatchedOption(option);
  }

  /// Adds an error for each of these options that is given. Call it if the other option, which they
  /// need, is not given.
  void needs(String other, List<String> options) {
    options.stream().filter(this::isGiven).forEach(option -> add(option, " needs " + other));
  }

  List<Fault> all() {
    return all;
  }

  /// Throws the first error, if there is one.
  ///
  /// @throws ParameterException for the first error
  void throwFirst(CommandLine command) {
    if (!all.isEmpty()) {
      throw new ParameterException(command, all.getFirst().toString());
    }
  }
}
