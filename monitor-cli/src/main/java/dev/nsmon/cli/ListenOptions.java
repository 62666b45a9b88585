package dev.nsmon.cli;

import dev.nsmon.websocket.ListenFile;
import dev.nsmon.websocket.ListenSettings;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Options for the listener of `serve` and its access control.
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

  @Mixin private LimitOptions limits;

  /// Reports options that contradict each other.
  void check(Faults faults) {
    limits.check(faults);
    if (address == null) {
      faults.needs("--listen", OF_LISTEN);
      faults.needs("--listen", LimitOptions.ALL);
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

  /// Reads all files as the start of `serve` does, and reports errors in them.
  void checkFiles(Faults faults) {
    settings()
        .map(ListenSettings::faultsOfFiles)
        .ifPresent(all -> all.forEach((file, why) -> faults.add(option(file), ": " + why)));
  }

  private static String option(ListenFile file) {
    return switch (file) {
      case TOKEN -> "--token-file";
      case CERTIFICATE -> "--tls-cert";
      case KEY -> "--tls-key";
      case CLIENT_CA -> "--tls-client-ca";
    };
  }

  /// The given files by option.
  Map<String, Path> files() {
    Map<String, Path> files = new HashMap<>();
    files.put("--token-file", token);
    files.put("--tls-cert", certificate);
    files.put("--tls-key", key);
    files.put("--tls-client-ca", clientCa);
    files.values().removeIf(Objects::isNull);
    return files;
  }

  /// The settings of the listener; empty without `--listen`.
  Optional<ListenSettings> settings() {
    if (address == null) {
      return Optional.empty();
    }
    Optional<ListenSettings.Tls> tls =
        certificate == null || key == null
            ? Optional.empty()
            : Optional.of(new ListenSettings.Tls(certificate, key, Optional.ofNullable(clientCa)));
    return Optional.of(
        new ListenSettings(
            address, tls, Optional.ofNullable(token), origins, hosts, limits.limits()));
  }
}
