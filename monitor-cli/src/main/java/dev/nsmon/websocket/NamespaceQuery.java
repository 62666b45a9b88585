package dev.nsmon.websocket;

import dev.nsmon.container.Container;
import dev.nsmon.namespace.Namespace;
import dev.nsmon.namespace.NamespaceType;
import dev.nsmon.namespace.Task;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Query that selects namespaces by the parameters `type`, `pid`, `ns` and `container`. Values are
/// repeated or separated by commas. Values of one parameter are alternatives; different parameters
/// must all match. Without parameters, it selects all.
///
/// @param pids selects namespaces that one of these processes is in
/// @param names as `net:[4026532177]` or as key `net:810`
/// @param containers selects namespaces that a process of one of these is in
record NamespaceQuery(
    Set<NamespaceType> types, Set<Integer> pids, Set<String> names, Set<String> containers) {
  private static final Pattern NAMESPACE =
      Pattern.compile("([a-z]+):(\\[[0-9]{1,19}]|[0-9]{1,20}|[0-9]{1,19}\\.[0-9]{1,9})");

  /// Parses the parameters of a request.
  ///
  /// @throws BadRequestException if a parameter is unknown or a value is invalid
  static NamespaceQuery parse(Map<String, List<String>> query) throws BadRequestException {
    NamespaceQuery asked =
        new NamespaceQuery(
            new LinkedHashSet<>(),
            new LinkedHashSet<>(),
            new LinkedHashSet<>(),
            new LinkedHashSet<>());
    for (Map.Entry<String, List<String>> one : query.entrySet()) {
      for (String values : one.getValue()) {
        for (String value : values.split(",", -1)) {
          asked.add(one.getKey(), value);
        }
      }
    }
    return asked;
  }

  private void add(String name, String value) throws BadRequestException {
    switch (name) {
      case "type" -> types.add(type(value));
      case "pid" -> {
        if (!value.matches("[1-9][0-9]{0,8}")) {
          throw new BadRequestException("'" + value + "' is no process id: a number from 1 on");
        }
        pids.add(Integer.valueOf(value));
      }
      case "ns" -> {
        Matcher matcher = NAMESPACE.matcher(value);
        if (!matcher.matches()) {
          throw new BadRequestException(
              "'"
                  + value
                  + "' is no namespace: net:[4026532177] by inode or net:810 by id, with any type"
                  + " of "
                  + kernelNames());
        }
        type(matcher.group(1));
        names.add(value);
      }
      case "container" -> containers.add(value);
      default ->
          throw new BadRequestException(
              "'" + name + "' can't be asked for: one of type, pid, ns, container");
    }
  }

  private static NamespaceType type(String value) throws BadRequestException {
    return NamespaceType.byKernelName(value)
        .orElseThrow(
            () ->
                new BadRequestException(
                    "'" + value + "' is no namespace type: one of " + kernelNames()));
  }

  private static String kernelNames() {
    return Arrays.stream(NamespaceType.values())
        .map(NamespaceType::kernelName)
        .collect(Collectors.joining(", "));
  }

  /// Whether the query selects this namespace.
  ///
  /// @param members the tasks in it
  boolean shows(Namespace namespace, List<Task> members) {
    return (types.isEmpty() || types.contains(namespace.type()))
        && (names.isEmpty() || names.contains(namespace.name()) || names.contains(namespace.key()))
        && (pids.isEmpty() || members.stream().anyMatch(task -> pids.contains(task.pid())))
        && (containers.isEmpty() || members.stream().anyMatch(this::isContained));
  }

  private boolean isContained(Task task) {
    Container container = Container.of(task.info());
    return containers.stream().anyMatch(container::isCalled);
  }
}
