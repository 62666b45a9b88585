package dev.nsmon.websocket;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Optional;

/// Host and port as they stand in a `Host` header and an origin (RFC 3986 section 3.2).
///
/// @param host in lower case, without the brackets of an IPv6 address
/// @param port -1 if there is none
record Authority(String host, int port) {

  /// Parses `host` or `host:port`; empty if the text is neither.
  static Optional<Authority> parse(String text) {
    String rest = text.toLowerCase(Locale.ROOT);
    int end = rest.startsWith("[") ? rest.indexOf(']') + 1 : hostEnd(rest);
    String host = rest.substring(0, end);
    boolean bracketed = host.startsWith("[");
    if (bracketed) {
      host = host.substring(1, end - 1);
    }
    if (host.isEmpty() || (bracketed ? !NetUtil.isValidIpV6Address(host) : !isName(host))) {
      return Optional.empty();
    }
    String port = rest.substring(end);
    if (port.isEmpty()) {
      return Optional.of(new Authority(host, -1));
    }
    if (!port.matches(":[0-9]{1,5}")) {
      return Optional.empty();
    }
    return Optional.of(new Authority(host, Integer.parseInt(port.substring(1))));
  }

  private static int hostEnd(String text) {
    int colon = text.indexOf(':');
    return colon < 0 ? text.length() : colon;
  }

  private static boolean isName(String host) {
    return host.chars()
        .allMatch(c -> (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || ".-_".indexOf(c) >= 0);
  }

  /// IP address that the host is written as; empty if the host is a name. Short forms such as
  /// `127.1` count as names.
  Optional<InetAddress> address() {
    byte[] bytes = NetUtil.createByteArrayFromIpAddressString(host);
    if (bytes == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(InetAddress.getByAddress(bytes));
    } catch (UnknownHostException e) {
      throw new AssertionError("an address has 4 bytes or 16", e);
    }
  }

  /// The same without a port that is the default of the scheme.
  Authority in(String scheme) {
    int implied = scheme.equals("https") ? 443 : 80;
    return port == implied ? new Authority(host, -1) : this;
  }
}
