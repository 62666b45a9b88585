package dev.nsmon.cli;

import dev.nsmon.cli.Serving.Publisher;
import dev.nsmon.format.Host;
import dev.nsmon.log.EventLog;
import dev.nsmon.monitor.Monitor;
import dev.nsmon.namespace.HostClock;
import dev.nsmon.sink.Component;
import dev.nsmon.websocket.Condition;
import dev.nsmon.websocket.EventCounter;
import dev.nsmon.websocket.EventStream;
import dev.nsmon.websocket.ListenSettings;
import dev.nsmon.websocket.PageRoutes;
import dev.nsmon.websocket.Route;
import dev.nsmon.websocket.Routes;
import dev.nsmon.websocket.Server;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/// The server, with all that it answers.
final class Listening implements AutoCloseable {
  /// Larger batches are no faster here, and clients get the first record of one later.
  private static final int BATCH = 1024;

  private final ListenSettings settings;
  private final Host host;
  private final EventLog log;
  private final Monitor monitor;
  private final EventCounter counter = new EventCounter();
  private final EventStream events;
  private final HostClock clock;

  /// Null until it is opened. Any thread asks for its figures.
  private volatile Server server;

  /// @param log as it is before the monitor starts
  /// @param includeInitial whether tasks that are in initial namespaces only are part of a state
  Listening(
      ListenSettings settings,
      Host host,
      EventLog log,
      Monitor monitor,
      boolean includeInitial,
      HostClock clock) {
    this.clock = clock;
    this.settings = settings;
    this.host = host;
    this.log = log;
    this.monitor = monitor;
    this.events = new EventStream(host, log, monitor::present, includeInitial, Words::say, clock);
  }

  /// What has to be carried here.
  List<Publisher> publishers() {
    return List.of(
        new Publisher("clients", false, events::sink, BATCH),
        new Publisher("metrics", false, () -> counter, BATCH));
  }

  /// Lets clients in.
  ///
  /// @param condition of all parts; made anew each time
  /// @param component that failures are reported to
  /// @throws IOException with one line, if the address can't be had or a file is no good
  void open(Supplier<Condition> condition, Component component) throws IOException {
    Map<String, Route> routes =
        new HashMap<>(
            Routes.of(
                host,
                log.stream(),
                monitor::present,
                condition,
                counter,
                RootCommand.version(),
                clock));
    routes.putAll(PageRoutes.of());
    server = new Server(settings, routes, events, Words::say, clock);
    server.start();
    server.whenFailed(component::end);
  }

  /// Counts of the clients: connected, disconnected by the monitor, refused. Any thread.
  Condition.Clients clients() {
    Server now = server;
    return new Condition.Clients(
        events.clients(), events.slow(), events.silent(), now == null ? 0 : now.refusedTokens());
  }

  /// Hands clients what is left, for some seconds at most, and hangs up.
  @Override
  public void close() {
    server.close();
  }
}
