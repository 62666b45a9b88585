package dev.nsmon.cli;

import dev.nsmon.event.EventFilter;
import dev.nsmon.event.Kind;
import dev.nsmon.namespace.NamespaceType;
import java.util.LinkedHashSet;
import java.util.Set;
import picocli.CommandLine.Option;

/// Options that select events. An event passes if it matches one value of each option that is
/// given.
final class FilterOptions {
  @Option(
      names = "--type",
      split = ",",
      paramLabel = "TYPE",
      converter = Converters.OfType.class,
      description = "Only of these types: cgroup, ipc, mnt, net, pid, time, user, uts.")
  private Set<NamespaceType> types = new LinkedHashSet<>();

  @Option(
      names = "--event",
      split = ",",
      paramLabel = "KIND",
      converter = Converters.OfKind.class,
      description = {
        "Only of these kinds: namespace-created, process-joined, process-left,",
        "namespace-destroyed."
      })
  private Set<Kind> kinds = new LinkedHashSet<>();

  @Option(
      names = "--pid",
      split = ",",
      paramLabel = "PID",
      converter = Converters.OfPid.class,
      description = "Only about these processes.")
  private Set<Integer> pids = new LinkedHashSet<>();

  @Option(
      names = "--comm",
      split = ",",
      paramLabel = "NAME",
      description = "Only about processes of these names.")
  private Set<String> comms = new LinkedHashSet<>();

  @Option(
      names = "--container",
      split = ",",
      paramLabel = "CONTAINER",
      description = "Only about processes in these: an id or its beginning, a name, a pod, a unit.")
  private Set<String> containers = new LinkedHashSet<>();

  @Option(
      names = "--ns",
      split = ",",
      paramLabel = "NS",
      converter = Converters.OfNamespace.class,
      description = "Only about these namespaces: net:[4026532177] by inode, net:810 by id.")
  private Set<String> namespaces = new LinkedHashSet<>();

  @Option(
      names = "--attention",
      description = "Only what deserves attention, such as a way from a container into the host.")
  private boolean attention;

  /// The filter of a sink of `serve`.
  static EventFilter ofSink(Set<NamespaceType> types, Set<Kind> kinds, boolean attention) {
    return new EventFilter(types, kinds, Set.of(), Set.of(), Set.of(), Set.of(), true, attention);
  }

  EventFilter filter(boolean baseline) {
    return new EventFilter(types, kinds, pids, comms, containers, namespaces, baseline, attention);
  }
}
