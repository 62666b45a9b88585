package dev.nsmon.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/// Maps options of `serve` to keys of the configuration file and to environment variables.
///
/// The key is the name of the option. If that begins with the name of a group, the key is nested in
/// the group: `--journal-size` is `journal.size`. The variable is `NSMON_` and the name in
/// capitals: `NSMON_JOURNAL_SIZE`.
final class Keys {
  /// The option of Kafka properties; its key holds a mapping of names to values.
  static final String PROPERTIES = "-K";

  private static final List<String> GROUPS =
      List.of("journal", "kafka", "file", "syslog", "listen");

  /// Options whose keys can't be derived from their names.
  private static final Map<String, String> NAMED =
      Map.ofEntries(
          Map.entry("--journal", "journal.file"),
          Map.entry("--kafka", "kafka.bootstrap"),
          Map.entry(PROPERTIES, "kafka.properties"),
          Map.entry("--file", "file.path"),
          Map.entry("--syslog", "syslog.receiver"),
          Map.entry("--listen", "listen.address"),
          Map.entry("--token-file", "listen.token-file"),
          Map.entry("--tls-cert", "listen.tls-cert"),
          Map.entry("--tls-key", "listen.tls-key"),
          Map.entry("--tls-client-ca", "listen.tls-client-ca"),
          Map.entry("--allow-origin", "listen.allow-origin"),
          Map.entry("--allow-host", "listen.allow-host"));

  private static final Pattern OPTION = Pattern.compile("(?<![\\w-])(?:--[a-z][a-z-]*|-K\\b)");

  static final Keys ALL = new Keys();

  private final Map<String, OptionSpec> byKey = new LinkedHashMap<>();
  private final Map<String, String> byVariable = new LinkedHashMap<>();

  private Keys() {
    for (OptionSpec option : CommandSpec.forAnnotatedObject(new ServeOptions()).options()) {
      byKey.put(key(option.longestName()), option);
      variable(option.longestName()).ifPresent(name -> byVariable.put(name, option.longestName()));
    }
  }

  /// The key of an option, such as `journal.size`.
  String key(String option) {
    String named = NAMED.get(option);
    if (named != null) {
      return named;
    }
    String name = option.replaceFirst("^--", "");
    return GROUPS.stream()
        .filter(group -> name.startsWith(group + "-"))
        .findFirst()
        .map(group -> group + "." + name.substring(group.length() + 1))
        .orElse(name);
  }

  /// The environment variable of an option; empty if it has none.
  Optional<String> variable(String option) {
    return option.equals(PROPERTIES)
        ? Optional.empty()
        : Optional.of(
            "NSMON_" + option.replaceFirst("^--", "").replace('-', '_').toUpperCase(Locale.ROOT));
  }

  /// All options by their keys, in the order of the help.
  Map<String, OptionSpec> byKey() {
    return byKey;
  }

  /// Option names by environment variable.
  Map<String, String> byVariable() {
    return byVariable;
  }

  boolean isGroup(String name) {
    return GROUPS.contains(name);
  }

  /// The names of the keys in a group; the top-level names if the group is "".
  List<String> in(String group) {
    return group.isEmpty()
        ? byKey.keySet().stream().map(key -> key.replaceFirst("[.].*", "")).distinct().toList()
        : byKey.keySet().stream()
            .filter(key -> key.startsWith(group + "."))
            .map(key -> key.substring(group.length() + 1))
            .toList();
  }

  /// Suggests a key for a name that is not a key in this group; empty if none is similar.
  Optional<String> meant(String group, String name) {
    List<String> elsewhere =
        byKey.keySet().stream()
            .filter(
                key ->
                    key.equals(name)
                        || key.endsWith("." + name)
                        || byKey.get(key).longestName().equals("--" + name))
            .toList();
    return elsewhere.isEmpty()
        ? Nearest.to(name, in(group)).map(near -> group.isEmpty() ? near : group + "." + near)
        : Optional.of(String.join(" or ", elsewhere));
  }

  /// Replaces option names in a message by configuration keys.
  String withKeys(String words) {
    return renamed(words, option -> Optional.of(key(option)));
  }

  /// Replaces option names in a message by environment variables, if they have one.
  String withVariables(String words) {
    return renamed(words, this::variable);
  }

  private String renamed(String words, Function<String, Optional<String>> name) {
    return OPTION
        .matcher(words)
        .replaceAll(
            found ->
                byKey.containsKey(key(found.group()))
                    ? name.apply(found.group()).orElse(found.group())
                    : found.group());
  }
}
