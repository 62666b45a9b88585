package dev.nsmon.websocket;

import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/// Where the server listens and whom it lets in.
///
/// @param token file with the secret that clients have to show, read again when it changes; empty
///   on loopback only
/// @param origins pages of these origins may connect besides its own, such as `https://ops.example`
/// @param hosts names that requests may ask for besides the address itself, such as
///   `nsmon.example`; those of loopback are always among them where it listens there
public record ListenSettings(
    InetSocketAddress address,
    Optional<Tls> tls,
    Optional<Path> token,
    Set<String> origins,
    Set<String> hosts,
    Limits limits) {

  /// Why nothing may listen like this, in one line; empty if it may.
  public Optional<String> fault() {
    if (address.isUnresolved()) {
      return Optional.of("there is no host " + address.getHostString());
    }
    if (token.isEmpty() && !isLoopback()) {
      return Optional.of(
          NetUtil.toSocketAddressString(address)
              + " can be reached from elsewhere: who listens there must demand a token");
    }
    return Optional.empty();
  }

  boolean isLoopback() {
    return address.getAddress().isLoopbackAddress();
  }

  /// PEM files, read again when they change.
  ///
  /// @param clientCa who signs the certificates that clients have to show; empty if they need none
  public record Tls(Path certificate, Path key, Optional<Path> clientCa) {}

  /// What one may use of the server.
  ///
  /// @param clients connections in all
  /// @param clientsPerAddress from one address
  public record Limits(int clients, int clientsPerAddress) {
    public static final Limits DEFAULT = new Limits(16_384, 16_384);
  }
}
