package dev.nsmon.websocket;

import dev.nsmon.namespace.HostClock;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/// What all connections share: who is let in, and what answers them.
final class Door {
  private static final long PAUSE_NANOS = 60_000_000_000L;

  private final Gate gate;
  private final Map<String, Route> routes;
  private final EventsEntry events;
  private final Executor threads;
  private final Consumer<String> remarks;
  private final HostClock clock;
  private final AtomicLong nextRemark;
  private volatile boolean closing;

  /// @param threads where routes are answered, and TLS handshakes calculated
  Door(
      Gate gate,
      Map<String, Route> routes,
      EventsEntry events,
      Executor threads,
      Consumer<String> remarks,
      HostClock clock) {
    this.clock = clock;
    this.nextRemark = new AtomicLong(clock.nanoTime());
    this.gate = gate;
    this.routes = routes;
    this.events = events;
    this.threads = threads;
    this.remarks = remarks;
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

  /// Something is wrong with us: said, but once a minute at most, since a client can repeat it.
  void bug(String where, Throwable cause) {
    long now = clock.nanoTime();
    long next = nextRemark.get();
    if (now - next >= 0 && nextRemark.compareAndSet(next, now + PAUSE_NANOS)) {
      remarks.accept(where + " has failed, which is a bug: " + cause);
    }
  }

  /// From now on nobody is let in.
  void close() {
    closing = true;
  }

  boolean isClosing() {
    return closing;
  }
}
