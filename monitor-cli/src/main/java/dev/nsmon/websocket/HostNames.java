package dev.nsmon.websocket;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.Set;

/// The names by which requests may ask for this server, whatever the port: who forwards a port asks
/// for another one.
///
/// A page of `evil.example` can have that name point to 127.0.0.1, and is then of one origin with
/// what listens there (DNS rebinding); but its browser still asks for `evil.example`. So only what
/// can't be made to point here by somebody else is let pass: addresses, `localhost`, and the names
/// that were given.
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

  /// A name may end in the dot of the root.
  private static String plain(String host) {
    return host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
  }
}
