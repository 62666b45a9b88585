package dev.nsmon.websocket;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.nsmon.event.NamespaceEvent.Sighting;
import dev.nsmon.event.NamespaceEvent.Synced;
import dev.nsmon.event.Source;
import dev.nsmon.format.Host;
import dev.nsmon.log.EventLog;
import dev.nsmon.log.Present;
import dev.nsmon.namespace.HostClock;
import dev.nsmon.namespace.Snapshot;
import dev.nsmon.sink.Pump;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/// A server in this process, of a host where there is nothing, on a port of 127.0.0.1.
final class Served implements AutoCloseable {
  /// Times short enough to wait for.
  static final RequestTimer.Limits QUICK =
      new RequestTimer.Limits(Duration.ofSeconds(2), Duration.ofSeconds(3), Duration.ofSeconds(15));

  final List<String> remarks = new CopyOnWriteArrayList<>();
  private final EventLog log = new EventLog("stream", 1 << 20, InstantSource.system());
  private final Server server;

  /// What differs from a server that is open to all on this host.
  static final class With {
    private String address = "127.0.0.1";
    private int port;
    private Optional<ListenSettings.Tls> tls = Optional.empty();
    private Optional<Path> token = Optional.empty();
    private ListenSettings.Limits limits = ListenSettings.Limits.DEFAULT;
    private RequestTimer.Limits times = RequestTimer.Limits.DEFAULT;
    private Transport transport = Transport.best();
    private final Map<String, Route> routes = new HashMap<>();

    With address(String value) {
      address = value;
      return this;
    }

    With port(int value) {
      port = value;
      return this;
    }

    With tls(ListenSettings.Tls value) {
      tls = Optional.of(value);
      return this;
    }

    With token(Path value) {
      token = Optional.of(value);
      return this;
    }

    With limits(int all, int perAddress) {
      limits = new ListenSettings.Limits(all, perAddress, limits.pending());
      return this;
    }

    With pending(ListenSettings.Pending value) {
      limits = new ListenSettings.Limits(limits.clients(), limits.clientsPerAddress(), value);
      return this;
    }

    With times(RequestTimer.Limits value) {
      times = value;
      return this;
    }

    With transport(Transport value) {
      transport = value;
      return this;
    }

    With route(String path, Route route) {
      routes.put(path, route);
      return this;
    }

    Served start() throws IOException {
      return new Served(this);
    }
  }

  private Served(With with) throws IOException {
    Map<String, Route> routes = new HashMap<>(with.routes);
    routes.put("/livez", Route.open(_ -> Response.text(200, "alive")));
    routes.put("/namespaces", _ -> Response.json(200, "{}".getBytes(UTF_8)));
    EventStream events =
        new EventStream(
            new Host("host", "id", "boot"),
            log,
            () -> new Present(1, Snapshot.EMPTY),
            false,
            remarks::add,
            HostClock.SYSTEM);
    Pump.start("events", log.from(1), events.sink(), System::nanoTime);
    Sighting now = new Sighting(Instant.now(), Optional.empty(), Source.BASELINE);
    log.append(List.of(new Synced(now, Map.of(), 0, 0)));
    ListenSettings settings =
        new ListenSettings(
            new InetSocketAddress(with.address, with.port),
            with.tls,
            with.token,
            Set.of("https://ops.example"),
            Set.of("nsmon.example"),
            with.limits);
    server =
        new Server(
            settings, routes, events, remarks::add, HostClock.SYSTEM, with.transport, with.times);
    server.start();
  }

  int port() {
    return server.address().getPort();
  }

  /// Where to connect to.
  InetSocketAddress address() {
    return new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port());
  }

  String url(String path) {
    return "http://127.0.0.1:" + port() + path;
  }

  RawClient connect() throws IOException {
    return new RawClient(address(), "127.0.0.1");
  }

  /// Fails unless a well-behaved client is accepted.
  void letsInTheGood() throws IOException {
    try (RawClient good = connect()) {
      good.send(RawClient.upgrade("localhost"));
      good.expect("HTTP/1.1 101");
      good.awaitText("synced");
    }
  }

  @Override
  public void close() {
    log.close();
    server.close();
  }
}
