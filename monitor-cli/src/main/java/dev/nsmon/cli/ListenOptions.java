package dev.nsmon.cli;

import dev.nsmon.websocket.ListenSettings;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Option;

/// Where `serve` listens, and whom it lets in.
final class ListenOptions {
  private static final List<String> OF_LISTEN =
      List.of(
          "--token-file",
          "--tls-cert",
          "--tls-key",
          "--tls-client-ca",
          "--allow-origin",
          "--allow-host");

  @Option(
      names = "--listen",
      arity = "0..1",
      paramLabel = "ADDRESS:PORT",
      fallbackValue = "127.0.0.1:8470",
      converter = ListenAddress.class,
      description = {
        "Serve the stream over WebSocket, and the page. Without an address:",
        "127.0.0.1:8470. Any other than loopback needs --token-file."
      })
  private InetSocketAddress address;

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description = "The secret that clients have to show; read again when it changes.")
  private Path token;

  @Option(
      names = "--tls-cert",
      paramLabel = "FILE",
      description = "Certificate chain in PEM; read again when it changes.")
  private Path certificate;

  @Option(names = "--tls-key", paramLabel = "FILE", description = "Its key in PEM (PKCS#8).")
  private Path key;

  @Option(
      names = "--tls-client-ca",
      paramLabel = "FILE",
      description = "Only clients with a certificate that one of these has signed.")
  private Path clientCa;

  @Option(
      names = "--allow-origin",
      split = ",",
      paramLabel = "ORIGIN",
      description = "Pages of these may connect besides its own: https://ops.example.")
  private Set<String> origins = new LinkedHashSet<>();

  @Option(
      names = "--allow-host",
      split = ",",
      paramLabel = "NAME",
      description = "Names that clients may call it by, besides its address.")
  private Set<String> hosts = new LinkedHashSet<>();

  /// Finds options that contradict each other.
  void check(Faults faults) {
    if (address == null) {
      faults.needs("--listen", OF_LISTEN);
      return;
    }
    if ((certificate == null) != (key == null)) {
      faults.add(
          certificate == null ? "--tls-key" : "--tls-cert",
          ": --tls-cert and --tls-key go together");
    }
    if (clientCa != null && certificate == null) {
      faults.add("--tls-client-ca", " needs --tls-cert");
    }
    settings()
        .flatMap(ListenSettings::fault)
        .ifPresent(why -> faults.add("--listen", ": " + why + ": --token-file"));
  }

  /// Empty if it is not to listen.
  Optional<ListenSettings> settings() {
    if (address == null) {
      return Optional.empty();
    }
    Optional<ListenSettings.Tls> tls =
        certificate == null
            ? Optional.empty()
            : Optional.of(new ListenSettings.Tls(certificate, key, Optional.ofNullable(clientCa)));
    return Optional.of(
        new ListenSettings(
            address,
            tls,
            Optional.ofNullable(token),
            origins,
            hosts,
            ListenSettings.Limits.DEFAULT));
  }
}
