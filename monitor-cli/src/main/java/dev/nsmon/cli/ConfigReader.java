package dev.nsmon.cli;

import dev.nsmon.cli.Value.Origin;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;
import picocli.CommandLine.Model.OptionSpec;

/// Reads the keys and values of a YAML configuration. Reports unknown keys, duplicates, and nodes
/// that are of the wrong type. The converter of each option checks its value later.
final class ConfigReader {
  private static final Set<Tag> PLAIN =
      Set.of(Tag.STR, Tag.BOOL, Tag.INT, Tag.FLOAT, Tag.NULL, Tag.TIMESTAMP, Tag.MERGE);

  private final String file;
  private final Keys keys;
  private final List<Value> values;
  private final List<Complaint> complaints;

  ConfigReader(String file, Keys keys, List<Value> values, List<Complaint> complaints) {
    this.file = file;
    this.keys = keys;
    this.values = values;
    this.complaints = complaints;
  }

  /// Adds an error about the file as a whole.
  void complain(String words) {
    complaints.add(new Complaint(new Origin.Line(file, 0, 0), "", file + ": " + words));
  }

  void complain(Mark mark, String words) {
    complain(mark, "", words);
  }

  private void complain(Mark mark, String option, String words) {
    Origin.Line at = at(mark);
    complaints.add(new Complaint(at, option, at + ": " + words));
  }

  private Origin.Line at(Mark mark) {
    return new Origin.Line(file, mark.getLine() + 1, mark.getColumn() + 1);
  }

  /// Reads a document.
  void read(Node root) {
    if (root instanceof MappingNode mapping) {
      group("", mapping);
    } else if (!root.getTag().equals(Tag.NULL)) {
      complain(root.getStartMark(), "this must be keys with values: " + names(""));
    }
  }

  private String names(String group) {
    return String.join(", ", keys.in(group));
  }

  private void group(String group, MappingNode mapping) {
    Map<String, Integer> lines = new HashMap<>();
    for (NodeTuple tuple : mapping.getValue()) {
      String name = name(tuple.getKeyNode(), group.isEmpty() ? "" : group + ".", lines);
      if (name.isEmpty()) {
        continue;
      }
      String key = group.isEmpty() ? name : group + "." + name;
      if (group.isEmpty() && keys.isGroup(name)) {
        if (tuple.getValueNode() instanceof MappingNode inner) {
          group(name, inner);
        } else {
          complain(tuple.getValueNode().getStartMark(), name + " holds keys: " + names(name));
        }
      } else if (keys.in(group).contains(name)) {
        option(key, keys.byKey().get(key), tuple.getValueNode());
      } else {
        complain(tuple.getKeyNode().getStartMark(), key + " is no key: " + instead(group, name));
      }
    }
  }

  private String instead(String group, String name) {
    if (name.contains(".") && keys.byKey().containsKey(name)) {
      return "write " + name.replaceFirst("[.]", ": {") + ": ...}";
    }
    Optional<String> meant = keys.meant(group, name);
    return meant.isPresent() ? "did you mean " + meant.get() + "?" : "one of " + names(group);
  }

  /// The name of a key; "" after an error if it is a duplicate or not a scalar.
  ///
  /// @param prefix of the key in messages
  /// @param lines the line of each key in this mapping; the new one is added
  private String name(Node key, String prefix, Map<String, Integer> lines) {
    if (!(key instanceof ScalarNode scalar) || scalar.getValue().isEmpty()) {
      complain(key.getStartMark(), "a key is a word");
      return "";
    }
    String name = scalar.getValue();
    Integer first = lines.putIfAbsent(name, key.getStartMark().getLine() + 1);
    if (first != null) {
      complain(
          key.getStartMark(),
          prefix + name + " stands here again: it is in line " + first + " already");
      return "";
    }
    return name;
  }

  private void option(String key, OptionSpec option, Node node) {
    if (option.longestName().equals(Keys.PROPERTIES)) {
      properties(key, node);
    } else if (option.isMultiValue()) {
      list(key, option, node);
    } else {
      scalar(key, option, node).ifPresent(text -> add(option, text, node));
    }
  }

  private void add(OptionSpec option, String text, Node node) {
    values.add(new Value(option.longestName(), text, at(node.getStartMark())));
  }

  private void properties(String key, Node node) {
    if (!(node instanceof MappingNode mapping)) {
      complain(
          node.getStartMark(),
          Keys.PROPERTIES,
          key + " holds names with values, such as compression.type: lz4");
      return;
    }
    OptionSpec option = keys.byKey().get(key);
    Map<String, Integer> lines = new HashMap<>();
    for (NodeTuple tuple : mapping.getValue()) {
      String name = name(tuple.getKeyNode(), key + ".", lines);
      if (!name.isEmpty()) {
        value(key + "." + name, Keys.PROPERTIES, tuple.getValueNode())
            .ifPresent(one -> add(option, name + "=" + one.getValue(), tuple.getValueNode()));
      }
    }
  }

  private void list(String key, OptionSpec option, Node node) {
    if (!(node instanceof SequenceNode list)) {
      String text = node instanceof ScalarNode scalar ? scalar.getValue() : "";
      String example = text.isEmpty() ? "..." : text;
      complain(node.getStartMark(), option.longestName(), key + " is a list: [" + example + "]");
      return;
    }
    for (Node one : list.getValue()) {
      scalar(key, option, one)
          .ifPresent(
              text -> {
                if (text.contains(",")) {
                  complain(
                      one.getStartMark(),
                      option.longestName(),
                      key + ": '" + text + "' holds a comma: each is an entry of its own");
                } else {
                  add(option, text, one);
                }
              });
    }
  }

  private Optional<String> scalar(String key, OptionSpec option, Node node) {
    Optional<ScalarNode> value = value(key, option.longestName(), node);
    if (isText(option) && value.isPresent() && !value.get().getTag().equals(Tag.STR)) {
      String written = value.get().getValue();
      complain(
          node.getStartMark(),
          option.longestName(),
          key + ": " + written + " is no text: '" + written + "' would be");
      return Optional.empty();
    }
    return value.map(ScalarNode::getValue);
  }

  /// Whether a value must be a YAML string. True without a converter, for nothing else would detect
  /// an unquoted `no` or `1e3`.
  static boolean isText(OptionSpec option) {
    return option.converters().length == 0 && !option.typeInfo().isBoolean();
  }

  /// A scalar value; empty after an error.
  private Optional<ScalarNode> value(String key, String option, Node node) {
    if (!(node instanceof ScalarNode scalar)) {
      String what = node instanceof SequenceNode ? "not a list" : "and holds no keys";
      complain(node.getStartMark(), option, key + " is one value, " + what);
      return Optional.empty();
    }
    if (!PLAIN.contains(scalar.getTag())) {
      complain(
          node.getStartMark(),
          option,
          key + ": " + scalar.getTag() + " is no tag that is known here");
      return Optional.empty();
    }
    if (scalar.getTag().equals(Tag.NULL)) {
      complain(node.getStartMark(), option, key + " has no value");
      return Optional.empty();
    }
    return Optional.of(scalar);
  }
}
