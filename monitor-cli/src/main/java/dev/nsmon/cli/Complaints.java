package dev.nsmon.cli;

import dev.nsmon.cli.Value.Origin;
import dev.nsmon.kafka.BadPropertiesException;
import dev.nsmon.kafka.KafkaProperties;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/// Collects errors in values. Each message names the value as its origin does: by key, environment
/// variable or option.
final class Complaints {
  private final Keys keys;
  private final Map<String, List<Value>> values;
  private final Map<String, String> environment;
  private final List<Complaint> all = new ArrayList<>();

  /// @param values the values in force, by option; the caller may remove some later
  Complaints(Keys keys, Map<String, List<Value>> values, Map<String, String> environment) {
    this.keys = keys;
    this.values = values;
    this.environment = environment;
  }

  void addAll(List<Complaint> more) {
    all.addAll(more);
  }

  /// Adds an error.
  ///
  /// @param words what follows the name of the value
  void add(Value about, String words) {
    all.add(new Complaint(about.origin(), about.option(), line(about, words)));
  }

  /// A message about an option, with its origin if a value was given.
  String line(Faults.Fault remark) {
    return Value.of(remark.option(), values).isEmpty()
        ? keys.key(remark.option()) + keys.withKeys(remark.words())
        : line(about(remark.option(), remark.words()), remark.words());
  }

  private String line(Value about, String words) {
    return switch (about.origin()) {
      case Origin.Line at ->
          at
              + ": "
              + keys.key(about.option())
              + (about.property().isEmpty() ? "" : "." + about.property())
              + keys.withKeys(words);
      case Origin.Variable variable -> variable.name() + keys.withVariables(words);
      case Origin.Typed _ -> about.option() + words;
    };
  }

  /// Adds the error of a value that its converter rejects, and returns that value.
  Value add(ParameterException error) {
    String option = ((OptionSpec) error.getArgSpec()).longestName();
    String words =
        error.getCause() instanceof CommandLine.TypeConversionException cause
            ? cause.getMessage()
            : error.getMessage();
    Value about = about(option, "'" + error.getValue() + "'");
    add(about, ": " + words);
    return about;
  }

  /// Adds an error about options that contradict each other. Ignored if it names an option that has
  /// an error already, from which it probably follows.
  void add(Faults.Fault fault) {
    boolean follows =
        all.stream()
            .map(Complaint::option)
            .anyMatch(
                option ->
                    !option.isEmpty()
                        && (" " + fault.words() + " ").matches("(?s).*\\s" + option + "[\\s:,].*"));
    if (!follows) {
      add(about(fault.option(), fault.words()), fault.words());
    }
  }

  /// Adds an error of Kafka properties. Its origin is that of the property: option, environment
  /// variable or file of properties.
  void add(BadPropertiesException e) {
    String variable = KafkaProperties.variable(e.property());
    Optional<Value> inTheEnvironment =
        environment.getOrDefault(variable, "").isEmpty()
            ? Optional.empty()
            : Optional.of(new Value("--kafka", "", new Origin.Variable(variable)));
    boolean servers = e.property().equals("bootstrap.servers");
    Value about =
        first(servers ? "--kafka" : Keys.PROPERTIES + e.property())
            .or(() -> inTheEnvironment)
            .or(() -> first("--kafka-config"))
            .or(() -> first("--kafka"))
            .orElseThrow();
    add(about, ": " + e.getMessage());
  }

  private Optional<Value> first(String name) {
    return Optional.ofNullable(values.get(name)).map(List::getFirst);
  }

  /// The value of this option that the message quotes; the first value if it quotes none.
  private Value about(String option, String words) {
    List<Value> given = Value.of(option, values);
    return given.stream()
        .filter(one -> words.contains("'" + one.text() + "'"))
        .findFirst()
        .orElse(given.getFirst());
  }

  /// The first message, if all errors are on the command line; else empty.
  Optional<String> ofTheCommandLineAlone() {
    return all.stream().allMatch(one -> one.origin() instanceof Origin.Typed)
        ? all.stream().findFirst().map(Complaint::words)
        : Optional.empty();
  }

  /// All messages, in the order of the file.
  List<String> lines() {
    return all.stream().sorted(Complaint.IN_ORDER).map(Complaint::words).toList();
  }
}
