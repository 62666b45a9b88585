package dev.nsmon.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.nsmon.event.EventFilter;
import dev.nsmon.namespace.NamespaceType;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// Builds the path and query of requests to a remote monitor.
final class RemoteQuery {
  private final List<String> parts = new ArrayList<>();

  private RemoteQuery() {}

  /// The request for the event stream.
  ///
  /// @param filter evaluated by the monitor
  /// @param stream the stream that `last` belongs to
  /// @param last sequence number of the last record received; 0 if there is none
  static String events(EventFilter filter, String stream, long last) {
    RemoteQuery query = new RemoteQuery();
    query.types(filter.types());
    query.add("event", filter.kinds());
    query.add("pid", filter.pids());
    query.add("comm", filter.comms());
    query.add("container", filter.containers());
    query.add("ns", filter.namespaces());
    if (!filter.baseline()) {
      query.add("baseline", List.of("false"));
    }
    if (filter.attention()) {
      query.add("attention", List.of("true"));
    }
    if (last > 0) {
      query.add("stream", List.of(stream));
      query.add("since", List.of(last));
    }
    return query.at("/events");
  }

  /// The request for the current namespaces.
  ///
  /// @param types empty for all
  /// @param pids only namespaces with one of these processes; empty for all
  static String namespaces(Set<NamespaceType> types, Set<Integer> pids) {
    RemoteQuery query = new RemoteQuery();
    query.types(types);
    query.add("pid", pids);
    return query.at("/namespaces");
  }

  private void types(Set<NamespaceType> types) {
    add("type", types.stream().map(NamespaceType::kernelName).toList());
  }

  private void add(String name, Collection<?> values) {
    if (!values.isEmpty()) {
      parts.add(
          name
              + "="
              + values.stream()
                  .map(one -> URLEncoder.encode(one.toString(), UTF_8).replace("+", "%20"))
                  .collect(Collectors.joining(",")));
    }
  }

  private String at(String path) {
    return parts.isEmpty() ? path : path + "?" + String.join("&", parts);
  }
}
