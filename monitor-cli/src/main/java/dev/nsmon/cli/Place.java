package dev.nsmon.cli;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// The value of `--from`: what to read from instead of this host.
sealed interface Place {

  /// A Kafka topic that monitors publish to: `kafka://HOST:PORT[,HOST:PORT]/TOPIC`.
  ///
  /// @param servers `HOST:PORT[,...]`
  /// @param topic empty for the command's default topic
  record Kafka(String servers, Optional<String> topic) implements Place {}

  /// A remote monitor: `ws://HOST:PORT`, or `wss://HOST:PORT` with TLS.
  ///
  /// @param secure whether to use TLS
  /// @param server `HOST:PORT`
  record Monitor(boolean secure, String server) implements Place {

    /// Whether the server's name is `localhost` or a loopback address. Other names are not
    /// resolved.
    boolean isLoopback() {
      return server.matches("(127\\.[0-9.]+|localhost|\\[::1]):[0-9]+");
    }

    /// The URL, without a final slash.
    @Override
    public String toString() {
      return (secure ? "wss://" : "ws://") + server;
    }
  }

  /// Parses the value of `--from`.
  final class Converter implements ITypeConverter<Place> {
    private static final String SERVER = "(?:[^/,:\\s\\[\\]]+|\\[[0-9a-fA-F:.]+]):[0-9]{1,5}";
    private static final Pattern KAFKA =
        Pattern.compile(
            "kafka://(" + SERVER + "(?:," + SERVER + ")*)(?:/([a-zA-Z0-9._-]{1,249})?)?");
    private static final Pattern MONITOR =
        Pattern.compile("ws(s?)://((?:[a-zA-Z0-9._-]+|\\[[0-9a-fA-F:.]+]):[0-9]{1,5})/?");

    @Override
    public Place convert(String text) {
      Matcher kafka = KAFKA.matcher(text);
      if (kafka.matches()) {
        return new Kafka(kafka.group(1), Optional.ofNullable(kafka.group(2)));
      }
      Matcher monitor = MONITOR.matcher(text);
      if (monitor.matches() && isPort(monitor.group(2))) {
        return new Monitor(!monitor.group(1).isEmpty(), monitor.group(2));
      }
      throw new TypeConversionException(
          "'"
              + text
              + "' is no place to read from: kafka://HOST:PORT[,HOST:PORT]/TOPIC, or a monitor at"
              + " ws://HOST:PORT or wss://HOST:PORT");
    }

    private static boolean isPort(String server) {
      int port = Integer.parseInt(server.substring(server.lastIndexOf(':') + 1));
      return port > 0 && port < 1 << 16;
    }
  }
}
