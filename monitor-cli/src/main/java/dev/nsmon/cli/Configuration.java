package dev.nsmon.cli;

import dev.nsmon.cli.Value.Origin;
import dev.nsmon.kafka.BadPropertiesException;
import dev.nsmon.kafka.KafkaProperties;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/// What `serve` is to do: the command line wins over the environment, which wins over the file.
///
/// All three become words of one command line, which is parsed as any other: so a value means the
/// same wherever it stands, and what is wrong with it is said in the same words.
final class Configuration {
  private final Keys keys = Keys.ALL;
  private final ServeOptions options = new ServeOptions();
  private final CommandLine parser = new CommandLine(options);

  /// By option, or by the name of a Kafka property.
  private final Map<String, List<Value>> values = new LinkedHashMap<>();

  private final Map<String, String> environment;
  private final Complaints complaints;

  private Configuration(Map<String, String> environment) {
    this.environment = environment;
    this.complaints = new Complaints(keys, values, environment);
  }

  /// Reads it all.
  ///
  /// @param file as people call it; empty if there is none
  /// @param typed what was given on the command line
  /// @throws BadConfigurationException if something is wrong, with all that is
  /// @throws ParameterException if it is wrong on the command line alone
  static Configuration read(
      Optional<String> file, Map<String, String> environment, ParseResult typed)
      throws BadConfigurationException {
    Configuration configuration = new Configuration(environment);
    if (file.isPresent()) {
      ConfigFile read = ConfigFile.read(file.get(), configuration.keys);
      configuration.add(read.values(), read.complaints());
    }
    Variables variables = Variables.read(environment, configuration.keys);
    variables.remarks().forEach(Words::say);
    configuration.add(variables.values(), variables.complaints());
    configuration.forgetPropertiesOfTheEnvironment();
    configuration.add(configuration.typed(typed), List.of());
    configuration.parse(typed.commandSpec().commandLine());
    return configuration;
  }

  /// Whether the environment says anything to `serve`.
  static boolean isIn(Map<String, String> environment) {
    return environment.keySet().stream().anyMatch(name -> name.startsWith("NSMON_"));
  }

  private void add(List<Value> layer, List<Complaint> wrong) {
    Map<String, List<Value>> added = new LinkedHashMap<>();
    for (Value one : layer) {
      added.computeIfAbsent(one.option() + one.property(), _ -> new ArrayList<>()).add(one);
    }
    values.putAll(added);
    complaints.addAll(wrong);
  }

  private void forgetPropertiesOfTheEnvironment() {
    values
        .values()
        .removeIf(
            list -> {
              String property = list.getFirst().property();
              return !property.isEmpty()
                  && !environment.getOrDefault(KafkaProperties.variable(property), "").isEmpty();
            });
  }

  private List<Value> typed(ParseResult given) {
    List<Value> typed = new ArrayList<>();
    Set<String> known = Set.copyOf(keys.byKey().keySet());
    Set<OptionSpec> matched = new HashSet<>(given.matchedOptions());
    for (OptionSpec option : matched) {
      if (known.contains(keys.key(option.longestName()))) {
        for (String text : option.originalStringValues()) {
          typed.add(new Value(option.longestName(), text, new Origin.Typed()));
        }
      }
    }
    return typed;
  }

  private void parse(CommandLine command) throws BadConfigurationException {
    dropBadValues();
    Faults faults = new Faults(parser.parseArgs(words()));
    options.check(faults);
    faults.all().forEach(complaints::add);
    Optional<String> wrongOption = complaints.ofTheCommandLineAlone();
    if (wrongOption.isPresent()) {
      throw new ParameterException(command, wrongOption.get());
    }
    try {
      options.prepare(environment);
    } catch (BadPropertiesException e) {
      complaints.add(e);
    }
    if (!complaints.lines().isEmpty()) {
      throw new BadConfigurationException(complaints.lines());
    }
  }

  /// What can be no value of its option is complained of, and the option is as if not given: so
  /// that the rest can be judged too.
  private void dropBadValues() {
    List<Value> bad = new ArrayList<>();
    for (List<Value> list : values.values()) {
      for (Value one : list) {
        if (isFlag(one) && !one.text().equals("true") && !one.text().equals("false")) {
          complaints.add(one, ": '" + one.text() + "' is neither true nor false");
          bad.add(one);
        }
      }
    }
    CommandLine lenient = new CommandLine(new ServeOptions());
    lenient.getCommandSpec().parser().collectErrors(true);
    for (Exception error : lenient.parseArgs(words()).errors()) {
      bad.add(complaints.add((ParameterException) error));
    }
    values.values().removeIf(list -> list.stream().anyMatch(bad::contains));
  }

  private boolean isFlag(Value one) {
    return parser.getCommandSpec().findOption(one.option()).typeInfo().isBoolean();
  }

  /// A command line that says it all.
  private String[] words() {
    List<String> words = new ArrayList<>();
    for (List<Value> list : values.values()) {
      for (Value one : list) {
        if (one.option().equals(Keys.PROPERTIES)) {
          words.add(one.option());
          words.add(one.text());
        } else if (!isFlag(one)) {
          words.add(one.option() + "=" + one.text());
        } else if (one.text().equals("true")) {
          words.add(one.option());
        }
      }
    }
    return words.toArray(String[]::new);
  }

  /// What was read, ready to start with.
  ServeOptions options() {
    return options;
  }

  /// All values by the names of their options, also those that nobody has given.
  Map<String, Object> effective() {
    Map<String, Object> all = new TreeMap<>();
    for (OptionSpec option : parser.getCommandSpec().options()) {
      Object value = option.getValue();
      all.put(option.longestName(), value == null ? "" : value);
    }
    return all;
  }

  /// What was written for an option; nothing where it has its default.
  List<Value> values(String option) {
    return Value.of(option, values);
  }

  Keys keys() {
    return keys;
  }
}
