package dev.nsmon.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/// Collects what is wrong with the options of a command, beyond what a converter finds wrong with a
/// single value.
final class Faults {
  private final ParseResult given;
  private final List<Fault> all = new ArrayList<>();

  /// What is wrong with an option.
  ///
  /// @param option its name, such as `--interval`
  /// @param words what follows the name to make a sentence
  record Fault(String option, String words) {
    @Override
    public String toString() {
      return option + words;
    }
  }

  /// @param given the options that were given
  Faults(ParseResult given) {
    this.given = given;
  }

  void add(String option, String words) {
    all.add(new Fault(option, words));
  }

  boolean isGiven(String option) {
    return given.hasMatchedOption(option);
  }

  /// Each of these options, if it was given, needs another one, which was not.
  void needs(String other, List<String> options) {
    options.stream().filter(this::isGiven).forEach(option -> add(option, " needs " + other));
  }

  List<Fault> all() {
    return all;
  }

  /// @throws ParameterException for the first, if there is one
  void throwFirst(CommandLine command) {
    if (!all.isEmpty()) {
      throw new ParameterException(command, all.getFirst().toString());
    }
  }
}
