package dev.nsmon.cli;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Parses an address to listen on: `ADDRESS:PORT`, `[ADDRESS]:PORT`, `NAME:PORT`, or `:PORT` for
/// all addresses of the host, IPv4 and IPv6.
final class ListenAddress implements ITypeConverter<InetSocketAddress> {
  private static final Pattern FORM =
      Pattern.compile("(?:\\[([0-9a-fA-F:.]+)]|([^:\\[\\]\\s/]*)):([0-9]{1,5})");
  private static final int HIGHEST_PORT = 65_535;

  /// Lists the host's IPv6 addresses; missing if the kernel has no IPv6. A wildcard socket of IPv6
  /// accepts IPv4 connections too.
  private static final Path IPV6 = Path.of("/proc/net/if_inet6");

  private static InetAddress all() {
    try {
      return InetAddress.getByName(Files.exists(IPV6) ? "::" : "0.0.0.0");
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public InetSocketAddress convert(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches() || Integer.parseInt(matcher.group(3)) > HIGHEST_PORT) {
      throw new TypeConversionException(
          "'" + text + "' is no address to listen at: 127.0.0.1:8470, [::1]:8470, :8470 for all");
    }
    int port = Integer.parseInt(matcher.group(3));
    String name = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
    if (name.isEmpty()) {
      return new InetSocketAddress(all(), port);
    }
    try {
      return new InetSocketAddress(InetAddress.getByName(name), port);
    } catch (UnknownHostException e) {
      throw new TypeConversionException("'" + name + "' is no address that this host knows");
    }
  }
}
