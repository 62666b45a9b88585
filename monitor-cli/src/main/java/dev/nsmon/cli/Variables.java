package dev.nsmon.cli;

import dev.nsmon.cli.Value.Origin;
import dev.nsmon.kafka.KafkaProperties;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// The environment variables of `serve`: values of options, and errors.
///
/// A variable that begins with `NSMON_KAFKA_` sets an option, or else a Kafka property.
///
/// @param values of options; Kafka properties are left to [KafkaProperties]
/// @param complaints variables whose names are similar to that of an option
/// @param remarks lines for people about other unknown variables, which may be no errors
record Variables(List<Value> values, List<Complaint> complaints, List<String> remarks) {
  private static final String PREFIX = "NSMON_";
  private static final String KAFKA = PREFIX + "KAFKA_";

  /// Variables that set no option: the path of the configuration file, and those that the systemd
  /// unit and the launcher read.
  private static final Set<String> OTHERS =
      Set.of("NSMON_CONFIG", "NSMON_OPTIONS", "NSMON_JVM_OPTIONS");

  /// Names of variables that Kubernetes sets for a Service whose name begins with `nsmon`.
  private static final Pattern SERVICE =
      Pattern.compile(
          "NSMON_(?:.*_)?(?:SERVICE_(?:HOST|PORT.*)|PORT_[0-9]+_[A-Z]+(?:_(?:PROTO|PORT|ADDR))?)");

  /// A name that may be Kubernetes' or a misspelt option. It is Kubernetes' if the value is a URL.
  private static final Pattern SERVICE_PORT = Pattern.compile("NSMON_(?:.*_)?PORT");

  private static final Pattern URL_OF_SERVICE = Pattern.compile("(?:tcp|udp|sctp)://.*");

  /// Reads the environment. Empty variables are ignored.
  static Variables read(Map<String, String> environment, Keys keys) {
    Variables read = new Variables(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    new TreeMap<>(environment)
        .forEach(
            (name, text) -> {
              if (name.startsWith(PREFIX) && !text.isEmpty() && !OTHERS.contains(name)) {
                read.take(name, text, keys);
              }
            });
    return read;
  }

  private void take(String name, String text, Keys keys) {
    String option = keys.byVariable().get(name);
    if (option != null) {
      values.add(new Value(option, text, new Origin.Variable(name)));
    } else if (!isOfService(name, text) && !isProperty(name)) {
      Set<String> names = new HashSet<>(keys.byVariable().keySet());
      names.addAll(OTHERS);
      Optional<String> meant = Nearest.to(name.substring(PREFIX.length()), bare(names));
      if (meant.isPresent()) {
        complaints.add(
            new Complaint(
                new Origin.Variable(name),
                "",
                name + " is no option of serve: did you mean " + PREFIX + meant.get() + "?"));
      } else if (!name.startsWith(KAFKA)) {
        remarks.add(name + " is no option of serve, and is ignored");
      }
    }
  }

  private static List<String> bare(Set<String> names) {
    return names.stream().map(name -> name.substring(PREFIX.length())).sorted().toList();
  }

  private static boolean isOfService(String name, String text) {
    return SERVICE.matcher(name).matches()
        || (SERVICE_PORT.matcher(name).matches() && URL_OF_SERVICE.matcher(text).matches());
  }

  private static boolean isProperty(String name) {
    return name.startsWith(KAFKA) && KafkaProperties.isKnown(KafkaProperties.property(name));
  }

  /// The environment without options of `serve` and variables of Kubernetes. What remains of
  /// `NSMON_KAFKA_` are Kafka properties.
  static Map<String, String> withoutOptions(Map<String, String> environment) {
    Map<String, String> rest = new TreeMap<>(environment);
    rest.keySet().removeAll(Keys.ALL.byVariable().keySet());
    rest.entrySet().removeIf(one -> isOfService(one.getKey(), one.getValue()));
    return rest;
  }
}
