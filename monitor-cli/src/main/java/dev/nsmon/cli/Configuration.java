package dev.nsmon.cli;

import dev.nsmon.cli.Value.Origin;
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

/// The merged configuration of `serve`. Precedence, highest first: command line, environment, file.
///
/// The three are translated to the arguments of one command line and parsed like any other. So a
/// value means the same in each of them, and errors have the same messages.
final class Configuration {
  private final Keys keys = Keys.ALL;
  private final ServeOptions options = new ServeOptions();
  private final CommandLine parser = new CommandLine(options).setExpandAtFiles(false);

  /// The values in force, by the name of the option; by `-K` and the name for a Kafka property.
  private final Map<String, List<Value>> values = new LinkedHashMap<>();

  private final Map<String, String> environment;
  private final Complaints complaints;

  private Configuration(Map<String, String> environment) {
    this.environment = environment;
    this.complaints = new Complaints(keys, values, environment);
  }

  /// Reads and checks the configuration, and all files that it names and `serve` reads at its
  /// start.
  ///
  /// @param file path of the configuration file as users write it; empty if there is none
  /// @param typed the parsed command line
  /// @throws BadConfigurationException with all errors, if there are any
  /// @throws ParameterException for the first error, if all are on the command line
  static Configuration read(
      Optional<String> file, Map<String, String> environment, ParseResult typed)
      throws BadConfigurationException {
    return read(file, environment, typed, true);
  }

  /// Reads and checks the configuration, but no file that it names, such as certificates.
  ///
  /// @throws BadConfigurationException as [#read]
  /// @throws ParameterException as [#read]
  static Configuration written(
      Optional<String> file, Map<String, String> environment, ParseResult typed)
      throws BadConfigurationException {
    return read(file, environment, typed, false);
  }

  private static Configuration read(
      Optional<String> file, Map<String, String> environment, ParseResult typed, boolean files)
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
    configuration.parse(typed.commandSpec().commandLine(), files);
    return configuration;
  }

  /// Whether the environment has a variable that begins with `NSMON_`.
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

  /// Removes Kafka properties of the file that the environment sets too. They become `-K`
  /// arguments, which [KafkaProperties] prefers to the environment.
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

  private void parse(CommandLine command, boolean files) throws BadConfigurationException {
    dropBadValues();
    Faults faults = new Faults(parser.parseArgs(words()));
    options.check(faults);
    faults.all().forEach(complaints::add);
    Optional<String> wrongOption = complaints.ofTheCommandLineAlone();
    if (wrongOption.isPresent()) {
      throw new ParameterException(command, wrongOption.get());
    }
    if (files) {
      Faults ofFiles = new Faults(parser.getParseResult());
      options.checkFiles(ofFiles);
      ofFiles.all().forEach(complaints::add);
      options.prepare(environment).forEach(complaints::add);
    } else {
      options.checkForm().forEach(complaints::add);
    }
    if (!complaints.lines().isEmpty()) {
      throw new BadConfigurationException(complaints.lines());
    }
  }

  /// Reports values that their options can't have, and removes these options, so that the others
  /// can be checked too.
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
    CommandLine lenient = new CommandLine(new ServeOptions()).setExpandAtFiles(false);
    lenient.getCommandSpec().parser().collectErrors(true);
    for (Exception error : lenient.parseArgs(words()).errors()) {
      bad.add(complaints.add((ParameterException) error));
    }
    values.values().removeIf(list -> list.stream().anyMatch(bad::contains));
  }

  private boolean isFlag(Value one) {
    return parser.getCommandSpec().findOption(one.option()).typeInfo().isBoolean();
  }

  /// The arguments of a command line with all values.
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

  /// Problems that may be temporary and do not prevent a start, one line each. Blocks for some
  /// seconds if a broker or receiver does not answer.
  List<String> warnings() throws InterruptedException {
    return options.warnings().stream().map(complaints::line).toList();
  }

  /// The parsed options.
  ServeOptions options() {
    return options;
  }

  /// All values by option name, including defaults; "" if an option has neither.
  Map<String, Object> effective() {
    Map<String, Object> all = new TreeMap<>();
    for (OptionSpec option : parser.getCommandSpec().options()) {
      Object value = option.getValue();
      all.put(option.longestName(), value == null ? "" : value);
    }
    return all;
  }

  /// The values given for an option; empty if it has its default.
  List<Value> values(String option) {
    return Value.of(option, values);
  }

  Keys keys() {
    return keys;
  }
}
