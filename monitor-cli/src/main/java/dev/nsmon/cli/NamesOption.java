package dev.nsmon.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.nsmon.event.Naming;
import dev.nsmon.runtime.RuntimeNames;
import dev.nsmon.runtime.RuntimeSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/// Whether container runtimes are asked for the names of containers, and where.
final class NamesOption {
  private static final String USUAL = "usual";

  @Option(
      names = "--runtime-names",
      arity = "0..1",
      split = ",",
      paramLabel = "unix://PATH",
      fallbackValue = USUAL,
      converter = OfSocket.class,
      description =
          "Ask the container runtime for name and image of each container: at the usual sockets of"
              + " Docker, Podman, containerd and CRI-O, or at these. Whoever may open one is as"
              + " good as root. Default: nobody is asked.")
  private List<Path> sockets = new ArrayList<>();

  /// What names containers, from now until the end of the program.
  ///
  /// @param nanoTime monotonic time
  Naming naming(Consumer<String> remarks, LongSupplier nanoTime) {
    if (sockets.isEmpty()) {
      return Naming.NONE;
    }
    List<RuntimeSocket> asked = new ArrayList<>();
    for (Path socket : sockets) {
      if (socket.toString().equals(USUAL)) {
        asked.addAll(RuntimeSocket.usual());
      } else {
        asked.add(RuntimeSocket.at(socket));
      }
    }
    if (asked.stream().noneMatch(socket -> Files.exists(socket.path()))) {
      remarks.accept(
          "--runtime-names: no runtime listens yet at "
              + asked.stream()
                  .map(socket -> socket.path().toString())
                  .collect(Collectors.joining(", ")));
    }
    return new Naming(RuntimeNames.ask(asked, remarks, nanoTime)::of);
  }

  /// `unix:///run/docker.sock`.
  static final class OfSocket implements ITypeConverter<Path> {
    private static final String SCHEME = "unix://";

    /// `unix(7)`: 108 bytes, of which the last is 0.
    private static final int MOST_BYTES = 107;

    @Override
    public Path convert(String text) {
      if (text.equals(USUAL)) {
        return Path.of(USUAL);
      }
      String path = text.startsWith(SCHEME) ? text.substring(SCHEME.length()) : "";
      if (!path.startsWith("/") || path.endsWith("/") || path.indexOf('\0') >= 0) {
        throw new TypeConversionException(
            "'" + text + "' is no runtime's socket: unix:///run/docker.sock");
      }
      if (path.getBytes(UTF_8).length > MOST_BYTES) {
        throw new TypeConversionException(
            "'" + text + "' is longer than the " + MOST_BYTES + " bytes of a socket's path");
      }
      return Path.of(path);
    }
  }
}
