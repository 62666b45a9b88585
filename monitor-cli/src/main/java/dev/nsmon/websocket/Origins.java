package dev.nsmon.websocket;

import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// Web origins whose pages may connect: this server's own, and the configured ones. A browser lets
/// any page open a WebSocket to any host, and sends the page's origin in `Origin` (RFC 6455 section
/// 10.2).
final class Origins {
  private final String scheme;
  private final Set<String> given = new HashSet<>();

  /// @param scheme `https` or `http`, as this server speaks
  Origins(String scheme, Set<String> given) {
    this.scheme = scheme;
    for (String origin : given) {
      plain(origin).ifPresent(this.given::add);
    }
  }

  /// Whether pages of this origin may connect.
  ///
  /// @param host the request's `Host`
  boolean have(String origin, Authority host) {
    Optional<String> plain = plain(origin);
    return plain.isPresent()
        && (given.contains(plain.get()) || plain.get().equals(plain(scheme, host)));
  }

  /// Scheme, host and port, to be compared; empty if there is no host in it, as in `null`.
  private static Optional<String> plain(String origin) {
    int end = origin.indexOf("://");
    if (end < 0) {
      return Optional.empty();
    }
    String scheme = origin.substring(0, end).toLowerCase(Locale.ROOT);
    return Authority.parse(origin.substring(end + 3)).map(host -> plain(scheme, host));
  }

  private static String plain(String scheme, Authority host) {
    Authority plain = host.in(scheme);
    return scheme + "://" + plain.host() + " " + plain.port();
  }
}
