package dev.nsmon.cli;

import dev.nsmon.event.EventFilter;
import dev.nsmon.format.Host;
import dev.nsmon.sink.FilteredSink;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// The running sinks of one kind, one for each stream. A reload gives them another format and
/// another filter. Not safe for concurrent use.
///
/// @param <F> the type of a sink's format
final class RunningSinks<F> {
  private final Map<String, Running<F>> running = new HashMap<>();

  private record Running<F>(Host host, Consumer<F> format, FilteredSink filtered) {}

  /// Adds a sink. It replaces an earlier one of the same stream.
  ///
  /// @param format sets the format of the sink
  /// @return the sink with its filter
  FilteredSink add(Host host, String stream, Consumer<F> format, FilteredSink filtered) {
    running.put(stream, new Running<>(host, format, filtered));
    return filtered;
  }

  /// Sets the format and the filter of all of them.
  ///
  /// @param format makes the format for a host and a stream
  /// @param filter makes the filter of a sink
  void reload(BiFunction<Host, String, F> format, Supplier<EventFilter> filter) {
    running.forEach(
        (stream, one) -> {
          one.format().accept(format.apply(one.host(), stream));
          one.filtered().filter(filter.get());
        });
  }
}
