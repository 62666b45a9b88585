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

/// Collects what is wrong with values, and calls each by the name that it has where it was written.
final class Complaints {
  private final Keys keys;
  private final Map<String, List<Value>> values;
  private final Map<String, String> environment;
  private final List<Complaint> all = new ArrayList<>();

  /// @param values all that are judged, and may become fewer
  Complaints(Keys keys, Map<String, List<Value>> values, Map<String, String> environment) {
    this.keys = keys;
    this.values = values;
    this.environment = environment;
  }

  void addAll(List<Complaint> more) {
    all.addAll(more);
  }

  /// @param words follow the name of the value
  void add(Value about, String words) {
    String line =
        switch (about.origin()) {
          case Origin.Line at ->
              at
                  + ": "
                  + keys.key(about.option())
                  + (about.property().isEmpty() ? "" : "." + about.property())
                  + keys.withKeys(words);
          case Origin.Variable variable -> variable.name() + keys.withVariables(words);
          case Origin.Typed _ -> about.option() + words;
        };
    all.add(new Complaint(about.origin(), about.option(), line));
  }

  /// A value that its converter refuses; hands back which.
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

  /// Options that don't go together, unless that is because one of them is wrong by itself.
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

  /// What Kafka clients refuse, wherever they were given it.
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

  /// The value of an option that these words quote, or else its first.
  private Value about(String option, String words) {
    List<Value> given = Value.of(option, values);
    return given.stream()
        .filter(one -> words.contains("'" + one.text() + "'"))
        .findFirst()
        .orElse(given.getFirst());
  }

  /// The first one, if all are about the command line.
  Optional<String> ofTheCommandLineAlone() {
    return all.stream().allMatch(one -> one.origin() instanceof Origin.Typed)
        ? all.stream().findFirst().map(Complaint::words)
        : Optional.empty();
  }

  /// All of them, in the order of the file.
  List<String> lines() {
    return all.stream().sorted(Complaint.IN_ORDER).map(Complaint::words).toList();
  }
}
