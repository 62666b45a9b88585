package dev.nsmon.cli;

import dev.nsmon.format.FleetTable;
import dev.nsmon.format.Host;
import dev.nsmon.format.JsonLine;
import dev.nsmon.format.NamespaceState;
import dev.nsmon.format.NamespaceTree;
import dev.nsmon.format.Style;
import dev.nsmon.kafka.BadPropertiesException;
import dev.nsmon.kafka.FleetState;
import dev.nsmon.kafka.Received;
import dev.nsmon.namespace.Holder;
import dev.nsmon.namespace.Namespace;
import dev.nsmon.namespace.NamespaceType;
import dev.nsmon.namespace.Snapshot;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The namespaces of a fleet, for the commands that show them once.
final class Fleet {
  private static final String TOPIC = "nsmon.state";
  private static final Comparator<NamespaceState> ORDER =
      Comparator.comparing((NamespaceState one) -> one.host().shown())
          .thenComparing(one -> one.host().id())
          .thenComparingLong(one -> one.namespace().inode());

  private final List<Received<NamespaceState>> all;

  private Fleet(List<Received<NamespaceState>> all) {
    this.all = all;
  }

  /// Reads what is wanted of it, by host and inode.
  ///
  /// @param types empty for all
  static Fleet read(FleetOptions options, Set<NamespaceType> types)
      throws IOException, InterruptedException, BadPropertiesException {
    return new Fleet(
        FleetState.read(options.properties(), options.topic(TOPIC), Words::say).stream()
            .filter(one -> options.shows(one.told().host()))
            .filter(one -> types.isEmpty() || types.contains(one.told().namespace().type()))
            .sorted(Comparator.comparing(Received::told, ORDER))
            .toList());
  }

  /// A table of all, or a record a line.
  int list(OutputChoice choice, Style style) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream(16 * 1024);
    switch (choice) {
      case JSON -> {
        JsonLine line = new JsonLine();
        for (Received<NamespaceState> one : all) {
          out.writeBytes(line.of(one.json()));
          out.write('\n');
        }
      }
      case TEXT ->
          Output.add(
              new FleetTable(style, Terminal.width())
                  .lines(all.stream().map(Received::told).toList()),
              out);
    }
    return Output.write(out);
  }

  /// A tree for each host.
  int tree(NamespaceType type, Style style) {
    Map<String, List<NamespaceState>> hosts = new LinkedHashMap<>();
    for (Received<NamespaceState> one : all) {
      Host host = one.told().host();
      String key = host.id().isEmpty() ? host.name() : host.id();
      hosts.computeIfAbsent(key, _ -> new ArrayList<>()).add(one.told());
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream(16 * 1024);
    for (List<NamespaceState> states : hosts.values()) {
      List<String> lines = tree(states, type, style);
      if (!lines.isEmpty()) {
        Output.add(List.of(style.heading(states.getFirst().host().shown())), out);
        Output.add(lines, out);
      }
    }
    return Output.write(out);
  }

  private static List<String> tree(List<NamespaceState> states, NamespaceType type, Style style) {
    Map<String, Integer> counts = new HashMap<>();
    Map<String, List<Holder>> holders = new HashMap<>();
    List<Namespace> namespaces = new ArrayList<>();
    for (NamespaceState state : states) {
      counts.put(state.namespace().key(), state.processes());
      holders.put(state.namespace().key(), state.holders());
      namespaces.add(state.namespace());
    }
    Snapshot none = Snapshot.EMPTY;
    Snapshot snapshot =
        new Snapshot(none.time(), List.of(), namespaces, holders, List.of(), none.report());
    return new NamespaceTree(style, type, counts).lines(snapshot, Terminal.width());
  }
}
