package dev.nsmon.cli;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// An address to listen at: `ADDRESS:PORT`, `[ADDRESS]:PORT`, `NAME:PORT`, or `:PORT` for all
/// addresses of the host.
final class ListenAddress implements ITypeConverter<InetSocketAddress> {
  private static final Pattern FORM =
      Pattern.compile("(?:\\[([0-9a-fA-F:.]+)]|([^:\\[\\]\\s/]*)):([0-9]{1,5})");
  private static final int HIGHEST_PORT = 65_535;

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
      return new InetSocketAddress(port);
    }
    try {
      return new InetSocketAddress(InetAddress.getByName(name), port);
    } catch (UnknownHostException e) {
      throw new TypeConversionException("'" + name + "' is no address that this host knows");
    }
  }
}
