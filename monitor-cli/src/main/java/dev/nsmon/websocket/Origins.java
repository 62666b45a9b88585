package dev.nsmon.websocket;

import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// The pages that may connect: those that this server handed out, and those of the given origins. A
/// browser lets every page open a WebSocket to anywhere, and says in `Origin` whose page it is.
final class Origins {
  private final String scheme;
  private final Set<String> given = new HashSet<>();

  /// @param scheme `https` or `http`, as this server is spoken to
  Origins(String scheme, Set<String> given) {
    this.scheme = scheme;
    for (String origin : given) {
      plain(origin).ifPresent(this.given::add);
    }
  }

  /// @param host what the request asked for
  boolean have(String origin, Authority host) {
    Optional<String> plain = plain(origin);
    return plain.isPresent()
        && (given.contains(plain.get()) || plain.get().equals(plain(scheme, host)));
  }

  /// Empty for what names nobody, such as `null`.
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
