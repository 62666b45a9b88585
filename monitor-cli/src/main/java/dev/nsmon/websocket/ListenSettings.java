package dev.nsmon.websocket;

import io.netty.util.NetUtil;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Where the server listens, and which requests it admits.
///
/// @param tls empty for plain HTTP
/// @param token file with the secret that clients have to show, read again when it changes; may be
///   empty on loopback only
/// @param origins web origins whose pages may connect besides its own, such as
///   `https://ops.example`
/// @param hosts names that requests may have in `Host` besides the address itself, such as
///   `nsmon.example`. Loopback names need not be listed if it listens there
public record ListenSettings(
    InetSocketAddress address,
    Optional<Tls> tls,
    Optional<Path> token,
    Set<String> origins,
    Set<String> hosts,
    Limits limits) {

  /// Why the server must not listen with these settings, in one line; empty if it may.
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

  /// Reads all files as a start does. For each invalid file, what is wrong with it, in one line.
  public Map<ListenFile, String> faultsOfFiles() {
    Map<ListenFile, String> faults = new EnumMap<>(ListenFile.class);
    if (token.isPresent()) {
      try {
        Token.check(token.get());
      } catch (IOException e) {
        faults.put(ListenFile.TOKEN, e.getMessage());
      }
    }
    tls.ifPresent(files -> faults.putAll(ServerTls.faults(files)));
    return faults;
  }

  boolean isLoopback() {
    return address.getAddress().isLoopbackAddress();
  }

  /// PEM files, read again when they change.
  ///
  /// @param clientCa authorities of the certificates that clients have to show; empty if they need
  ///   none
  public record Tls(Path certificate, Path key, Optional<Path> clientCa) {}

  /// Limits on connections.
  ///
  /// @param clients connections in total
  /// @param clientsPerAddress connections from one address
  /// @param pending limits on connections that have shown no token
  public record Limits(int clients, int clientsPerAddress, Pending pending) {
    public static final Limits DEFAULT = new Limits(16_384, 16_384, Pending.DEFAULT);

    /// The same with at most this many connections in total.
    public Limits within(int most) {
      return new Limits(Math.min(clients, most), clientsPerAddress, pending);
    }
  }

  /// Limits on connections that have not shown a token yet. Where none is demanded, they apply
  /// until the first request that is admitted.
  ///
  /// @param all such connections at a time, in total
  /// @param perAddress from one address
  /// @param bytes that one may send, those of the TLS handshake included
  /// @param time after which one is closed
  public record Pending(int all, int perAddress, long bytes, Duration time) {
    public static final Pending DEFAULT = new Pending(1024, 256, 64 << 10, Duration.ofSeconds(30));
  }

  /// The same with these limits.
  public ListenSettings with(Limits others) {
    return new ListenSettings(address, tls, token, origins, hosts, others);
  }
}
