package dev.nsmon.websocket;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Connections that have not shown a token yet, oldest first. Above a limit, of one address or in
/// total, the oldest is closed. So a crowd of idle connections blocks no client with a token, which
/// shows it within a moment.
///
/// @param <C> a connection
final class PendingConnections<C> {
  private final ListenSettings.Pending limits;

  /// Guarded by this object, as are both maps.
  private final Set<C> all = new LinkedHashSet<>();

  private final Map<InetAddress, Set<C>> byAddress = new HashMap<>();
  private final Map<C, InetAddress> addresses = new HashMap<>();

  PendingConnections(ListenSettings.Pending limits) {
    this.limits = limits;
  }

  /// Adds a connection. Returns the one that must be closed in exchange, already removed; empty if
  /// none.
  synchronized Optional<C> add(C connection, InetAddress address) {
    Set<C> ofAddress = byAddress.computeIfAbsent(address, _ -> new LinkedHashSet<>());
    Optional<C> oldest =
        ofAddress.size() >= limits.perAddress()
            ? ofAddress.stream().findFirst()
            : all.size() >= limits.all() ? all.stream().findFirst() : Optional.empty();
    oldest.ifPresent(this::remove);
    all.add(connection);
    byAddress.computeIfAbsent(address, _ -> new LinkedHashSet<>()).add(connection);
    addresses.put(connection, address);
    return oldest;
  }

  /// Removes a connection that has shown its token or is closed; without effect if it was removed
  /// before.
  synchronized void remove(C connection) {
    InetAddress address = addresses.remove(connection);
    if (address != null) {
      all.remove(connection);
      byAddress.computeIfPresent(
          address,
          (_, rest) -> {
            rest.remove(connection);
            return rest.isEmpty() ? null : rest;
          });
    }
  }

  /// How many there are.
  synchronized int size() {
    return all.size();
  }
}
