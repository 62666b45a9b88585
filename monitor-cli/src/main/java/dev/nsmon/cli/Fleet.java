package dev.nsmon.cli;

import dev.nsmon.format.FleetTable;
import dev.nsmon.format.Host;
import dev.nsmon.format.JsonLine;
import dev.nsmon.format.NamespaceState;
import dev.nsmon.format.NamespaceTree;
import dev.nsmon.format.PresentReader;
import dev.nsmon.format.Style;
import dev.nsmon.kafka.BadPropertiesException;
import dev.nsmon.kafka.FleetState;
import dev.nsmon.namespace.Holder;
import dev.nsmon.namespace.HostClock;
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
import java.util.stream.Stream;

/// The current namespaces of a fleet or a remote host, for `list` and `tree`.
final class Fleet {
  private static final String TOPIC = "nsmon.state";
  private static final Comparator<NamespaceState> ORDER =
      Comparator.comparing((NamespaceState one) -> one.host().shown())
          .thenComparing(one -> one.host().id())
          .thenComparingLong(one -> one.namespace().inode());

  private final List<Line> all;

  private Fleet(List<Line> all) {
    this.all = all;
  }

  /// A namespace and the JSON it was parsed from.
  private static final class Line {
    private final byte[] json;
    private final NamespaceState state;

    private Line(byte[] json, NamespaceState state) {
      this.json = json;
      this.state = state;
    }

    private NamespaceState state() {
      return state;
    }
  }

  /// Reads the selected namespaces and sorts them by host and inode.
  ///
  /// @param types empty for all
  /// @param pids for a monitor, only namespaces with one of these processes; empty for all. Ignored
  ///   for Kafka.
  /// @throws IOException if the topic can't be read
  /// @throws RemoteFault if the monitor can't be read
  static Fleet read(Place place, FleetOptions options, Set<NamespaceType> types, Set<Integer> pids)
      throws IOException, InterruptedException, BadPropertiesException, RemoteFault {
    Stream<Line> all =
        switch (place) {
          case Place.Kafka kafka ->
              FleetState.read(
                      options.properties(kafka),
                      kafka.topic().orElse(TOPIC),
                      Words::say,
                      HostClock.SYSTEM)
                  .stream()
                  .map(one -> new Line(one.json(), one.told()))
                  .filter(one -> options.shows(one.state().host()))
                  .filter(one -> types.isEmpty() || types.contains(one.state().namespace().type()));
          case Place.Monitor monitor -> read(options.remote(monitor), types, pids).stream();
        };
    return new Fleet(all.sorted(Comparator.comparing(Line::state, ORDER)).toList());
  }

  private static List<Line> read(Remote remote, Set<NamespaceType> types, Set<Integer> pids)
      throws InterruptedException, RemoteFault {
    byte[] body = remote.get(RemoteQuery.namespaces(types, pids));
    try {
      return new PresentReader(line -> Words.say(remote.place() + ": " + line))
          .read(body).stream().map(one -> new Line(one.json(), one.state())).toList();
    } catch (IOException e) {
      throw new RemoteFault(remote.place() + ": no answer of nsmon: " + e.getMessage(), true, e);
    }
  }

  /// Prints a table, or one JSON record a line.
  ///
  /// @return the exit code
  int list(OutputChoice choice, Style style) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream(16 * 1024);
    switch (choice) {
      case JSON -> {
        JsonLine line = new JsonLine();
        for (Line one : all) {
          out.writeBytes(line.of(one.json));
          out.write('\n');
        }
      }
      case TEXT ->
          Output.add(
              new FleetTable(style, Terminal.width()).lines(all.stream().map(Line::state).toList()),
              out);
    }
    return Output.write(out);
  }

  /// Prints a tree for each host.
  ///
  /// @return the exit code
  int tree(NamespaceType type, Style style) {
    Map<String, List<NamespaceState>> hosts = new LinkedHashMap<>();
    for (Line one : all) {
      Host host = one.state().host();
      String key = host.id().isEmpty() ? host.name() : host.id();
      hosts.computeIfAbsent(key, _ -> new ArrayList<>()).add(one.state());
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
