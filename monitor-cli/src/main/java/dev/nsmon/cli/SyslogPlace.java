package dev.nsmon.cli;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Parses the address of a syslog receiver: `tcp://HOST:PORT` or `tls://HOST:PORT`.
final class SyslogPlace implements ITypeConverter<SyslogPlace.Place> {
  private static final Pattern FORM =
      Pattern.compile("(tcp|tls)://(?:\\[([0-9a-fA-F:.]+)]|([^:\\[\\]\\s/]+)):([0-9]{1,5})/?");
  private static final int HIGHEST_PORT = 65_535;

  /// The parsed address.
  ///
  /// @param host without brackets
  record Place(boolean tls, String host, int port) {}

  @Override
  public Place convert(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches() || Integer.parseInt(matcher.group(4)) > HIGHEST_PORT) {
      throw new TypeConversionException(
          "'" + text + "' is no syslog receiver: tcp://HOST:PORT or tls://HOST:PORT");
    }
    String host = matcher.group(2) == null ? matcher.group(3) : matcher.group(2);
    return new Place(matcher.group(1).equals("tls"), host, Integer.parseInt(matcher.group(4)));
  }
}
