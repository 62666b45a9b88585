package dev.nsmon.websocket;

import dev.nsmon.namespace.HostClock;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/// What all connections of a server share: access checks, routes, the stream, and rare messages.
final class Door {
  private final Gate gate;
  private final Map<String, Route> routes;
  private final EventsEntry events;
  private final Executor threads;
  private final RareRemarks bugs;
  private final RareRemarks refusals;

  /// Set by [#close], never reset.
  private volatile boolean closing;

  /// @param threads runs routes and the calculations of TLS handshakes
  /// @param remarks receives messages for the operator, on any thread
  Door(
      Gate gate,
      Map<String, Route> routes,
      EventsEntry events,
      Executor threads,
      Consumer<String> remarks,
      HostClock clock) {
    this.bugs = new RareRemarks(remarks, clock);
    this.refusals = new RareRemarks(remarks, clock);
    this.gate = gate;
    this.routes = routes;
    this.events = events;
    this.threads = threads;
  }

  Gate gate() {
    return gate;
  }

  Route route(String path) {
    return routes.get(path);
  }

  EventsEntry events() {
    return events;
  }

  Executor threads() {
    return threads;
  }

  /// Reports a bug, at most one a minute.
  void bug(String where, Throwable cause) {
    bugs.bug(where, cause);
  }

  /// Reports that connections can't be accepted, at most once a minute.
  void refusing(Throwable cause) {
    refusals.say("connections can't be accepted now, and are tried again: " + cause.getMessage());
  }

  /// From now on each request is answered with 503.
  void close() {
    closing = true;
  }

  boolean isClosing() {
    return closing;
  }
}
