package dev.nsmon.websocket;

import dev.nsmon.format.Host;
import dev.nsmon.log.Present;
import dev.nsmon.namespace.HostClock;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/// Routes of probes, metrics, state and API description, by path.
public final class Routes {
  /// How long the monitor's thread may take to return the state for `/livez`.
  private static final Duration LIVE = Duration.ofSeconds(5);

  private Routes() {}

  /// All of these routes.
  ///
  /// @param stream the stream that the numbers belong to
  /// @param present returns the state of the host; may block
  /// @param condition called for each request
  /// @param counter fed by a pump of its own
  /// @param version of nsmon
  public static Map<String, Route> of(
      Host host,
      String stream,
      Supplier<Present> present,
      Supplier<Condition> condition,
      EventCounter counter,
      String version,
      HostClock clock) {
    SharedPresent shared = new SharedPresent(present, clock);
    Route live = new LiveRoute(shared, LIVE);
    Map<String, Route> routes = new TreeMap<>();
    routes.put("/namespaces", new NamespacesRoute(host, stream, shared));
    routes.put("/livez", Route.open(live));
    routes.put("/healthz", Route.open(live));
    routes.put("/readyz", Route.open(new ReadyRoute(condition)));
    routes.put("/metrics", new MetricsRoute(condition, shared, counter, version));
    routes.put("/asyncapi.json", Route.open(new AsyncApiRoute(version)));
    return routes;
  }
}
