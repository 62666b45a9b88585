package dev.nsmon.websocket;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.Set;

/// Host names and addresses that the `Host` header of a request may have. Any port is accepted,
/// because port forwarding changes it.
///
/// This prevents DNS rebinding. A page of `evil.example` can make that name resolve to 127.0.0.1,
/// and then has the same origin as this server. But its browser still sends `Host: evil.example`.
/// So it accepts only hosts that no attacker can redirect: addresses, `localhost` and configured
/// names.
final class HostNames {
  private final InetAddress listened;
  private final Set<String> given = new HashSet<>();

  HostNames(InetSocketAddress listened, Set<String> given) {
    this.listened = listened.getAddress();
    for (String name : given) {
      Authority.parse(name).ifPresent(one -> this.given.add(plain(one.host())));
    }
  }

  boolean has(Authority asked) {
    if (given.contains(plain(asked.host()))) {
      return true;
    }
    boolean reachesLoopback = listened.isLoopbackAddress() || listened.isAnyLocalAddress();
    return asked
        .address()
        .map(
            address ->
                address.equals(listened)
                    || listened.isAnyLocalAddress()
                    || (reachesLoopback && address.isLoopbackAddress()))
        .orElseGet(() -> reachesLoopback && plain(asked.host()).equals("localhost"));
  }

  /// The name without the final dot of a fully qualified name.
  private static String plain(String host) {
    return host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
  }
}
