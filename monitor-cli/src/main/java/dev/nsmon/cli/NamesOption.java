package dev.nsmon.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.nsmon.event.Naming;
import dev.nsmon.runtime.RuntimeNames;
import dev.nsmon.runtime.RuntimeSocket;
import dev.nsmon.sink.Component;
import dev.nsmon.sink.Supervisor;
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

/// The option to query container runtimes for the names of containers.
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

  /// Starts the queries and returns the resolver, which runs until the process exits; [Naming#NONE]
  /// without the option.
  ///
  /// @param remarks takes lines for people
  /// @param nanoTime monotonic time
  Naming naming(Consumer<String> remarks, Supervisor supervisor, LongSupplier nanoTime) {
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
    Component component = supervisor.component(ServePart.RUNTIME_NAMES.toString());
    RuntimeNames.Parent parent =
        cause -> {
          component.pause(component.failed(cause));
          component.works();
        };
    return new Naming(RuntimeNames.ask(asked, remarks, parent, nanoTime)::of);
  }

  /// Parses the URL of a socket, such as `unix:///run/docker.sock`.
  static final class OfSocket implements ITypeConverter<Path> {
    private static final String SCHEME = "unix://";

    /// `unix(7)`: `sun_path` has 108 bytes, including the final zero.
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
