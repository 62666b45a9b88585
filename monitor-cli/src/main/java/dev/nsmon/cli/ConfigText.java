package dev.nsmon.cli;

import dev.nsmon.cli.Value.Origin;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.yaml.snakeyaml.nodes.NodeId;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.resolver.Resolver;
import picocli.CommandLine.Model.OptionSpec;

/// Writes a [Configuration] as YAML, each value with its origin as a comment. Reading the output
/// gives the same configuration. Nothing is masked: a [Configuration] contains no secret.
final class ConfigText {
  private static final int COMMENTS = 44;

  /// Texts that need no quotes: YAML reads them as strings, or as numbers that a converter accepts.
  private static final Pattern BARE =
      Pattern.compile(
          "(?!(?i:y|n|yes|no|on|off|null|[0-9.e_]+)$)[A-Za-z0-9/][A-Za-z0-9/._-]*|[1-9][0-9]*");

  private final Configuration configuration;
  private final List<String> lines = new ArrayList<>();

  ConfigText(Configuration configuration) {
    this.configuration = configuration;
  }

  ByteArrayOutputStream bytes() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Output.add(lines(), out);
    return out;
  }

  List<String> lines() {
    lines.clear();
    String[] group = {""};
    configuration
        .keys()
        .byKey()
        .forEach(
            (key, option) -> {
              int dot = key.indexOf('.');
              String its = dot < 0 ? "" : key.substring(0, dot);
              List<Value> values = configuration.values(option.longestName());
              if (values.isEmpty() && (unset(option) || isUnused(its))) {
                return;
              }
              if (!its.isEmpty() && !its.equals(group[0])) {
                lines.add(its + ":");
              }
              group[0] = its;
              add(its.isEmpty() ? "" : "  ", key.substring(dot + 1), option, values);
            });
    return lines;
  }

  /// Whether an option has no default that could be printed.
  private static boolean unset(OptionSpec option) {
    return option.defaultValue() == null && !option.typeInfo().isBoolean();
  }

  /// Whether no option of a group is given. Its defaults are then omitted: they would have no
  /// effect, and would be rejected without the main key of the group.
  private boolean isUnused(String group) {
    return !group.isEmpty()
        && !group.equals("journal")
        && configuration.keys().byKey().entrySet().stream()
            .filter(one -> one.getKey().startsWith(group + "."))
            .allMatch(one -> configuration.values(one.getValue().longestName()).isEmpty());
  }

  private void add(String indent, String name, OptionSpec option, List<Value> values) {
    if (option.longestName().equals(Keys.PROPERTIES)) {
      lines.add(indent + name + ":");
      for (Value one : values) {
        String text = one.text().substring(one.text().indexOf('=') + 1).strip();
        line(indent + "  " + one.property() + ": " + quoted(text), one.origin());
      }
    } else if (values.isEmpty()) {
      String text = option.typeInfo().isBoolean() ? "false" : option.defaultValue();
      line(indent + name + ": " + quoted(text), "default");
    } else if (option.isMultiValue()) {
      String all =
          values.stream()
              .flatMap(one -> List.of(one.text().split(",", -1)).stream())
              .map(one -> quoted(one, option))
              .collect(Collectors.joining(", "));
      line(indent + name + ": [" + all + "]", values.getFirst().origin());
    } else {
      line(
          indent + name + ": " + quoted(values.getFirst().text(), option),
          values.getFirst().origin());
    }
  }

  private void line(String text, Origin origin) {
    line(
        text,
        switch (origin) {
          case Origin.Line line -> line.file() + ":" + line.line();
          case Origin.Variable variable -> variable.name();
          case Origin.Typed _ -> "command line";
        });
  }

  private void line(String text, String from) {
    lines.add(("%-" + COMMENTS + "s # %s").formatted(text, from));
  }

  /// Quotes a string that YAML would read as a number, a date or a boolean.
  private static String quoted(String text, OptionSpec option) {
    return !ConfigReader.isText(option)
            || new Resolver().resolve(NodeId.scalar, text, true).equals(Tag.STR)
        ? quoted(text)
        : inQuotes(text);
  }

  private static String quoted(String text) {
    return BARE.matcher(text).matches() ? text : inQuotes(text);
  }

  private static String inQuotes(String text) {
    return "'" + text.replace("'", "''") + "'";
  }
}
