package dev.nsmon.event;

import dev.nsmon.namespace.NamespaceType;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Parses the values of an [EventFilter]. An invalid value throws an [IllegalArgumentException]
/// whose one-line message lists or describes the valid ones.
public final class FilterValues {
  /// An inode, or a key, which may have any text after the type.
  private static final Pattern NAMESPACE =
      Pattern.compile("([a-z]+):(\\[[0-9]{1,19}]|[!-~&&[^\\[\\]]]{1,249})");

  private FilterValues() {}

  /// A namespace type, such as `net`.
  public static NamespaceType type(String text) {
    return NamespaceType.byKernelName(text)
        .orElseThrow(() -> unknown("namespace type", text, NamespaceType.values()));
  }

  /// A kind of event, such as `namespace-created`.
  public static Kind kind(String text) {
    // A control record passes every filter, so selecting it has no meaning.
    Kind[] changes =
        Arrays.stream(Kind.values()).filter(kind -> !kind.isControl()).toArray(Kind[]::new);
    return Kind.byName(text)
        .filter(kind -> !kind.isControl())
        .orElseThrow(() -> unknown("event", text, changes));
  }

  /// A process id.
  public static Integer pid(String text) {
    if (!text.matches("[1-9][0-9]{0,8}")) {
      throw new IllegalArgumentException("'" + text + "' is no process id: a number from 1 on");
    }
    return Integer.valueOf(text);
  }

  /// A namespace: `net:[4026532177]`, or a key such as `net:810` or `net:4026532177.2`. Returned
  /// unchanged.
  public static String namespace(String text) {
    Matcher matcher = NAMESPACE.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "'"
              + text
              + "' is no namespace: net:[4026532177] by inode or net:810 by id, with any type of "
              + list(NamespaceType.values()));
    }
    NamespaceType _ = type(matcher.group(1));
    return text;
  }

  private static IllegalArgumentException unknown(String what, String text, Object[] values) {
    return new IllegalArgumentException(
        "'" + text + "' is no " + what + ": one of " + list(values));
  }

  private static String list(Object[] values) {
    return Arrays.stream(values).map(Object::toString).collect(Collectors.joining(", "));
  }
}
