package dev.nsmon.runtime;

import dev.nsmon.namespace.ContainerName;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/// One runtime socket and whether it works. After a failure it is skipped for five seconds, so that
/// queries to other sockets need not wait for its timeouts. Used by one thread.
final class Asked {
  private static final long REST_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final UnixConnector connector;
  private final RuntimeSocket socket;
  private final Consumer<String> remarks;
  private final LongSupplier nanoTime;

  /// The protocol: configured, or detected by the first query and empty before. A failure resets
  /// it.
  private Optional<Api> api;

  /// True from a failed query until the next one that succeeds.
  private boolean failing;

  /// While [#failing]: the end of the pause, in monotonic time. Set by each failure.
  private long restsUntilNanos;

  /// @param remarks takes a line for people when the socket begins to fail and when it works again
  /// @param nanoTime monotonic time
  Asked(
      UnixConnector connector,
      RuntimeSocket socket,
      Consumer<String> remarks,
      LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.connector = connector;
    this.socket = socket;
    this.remarks = remarks;
    this.api = told();
  }

  /// The configured protocol; empty if it must be detected.
  private Optional<Api> told() {
    return socket
        .api()
        .map(
            speaks ->
                switch (speaks) {
                  case DOCKER -> new DockerApi();
                  case GRPC -> new GrpcApi();
                });
  }

  /// Queries this socket for a container; empty if the runtime does not know it or can't be asked.
  ///
  /// @param runtime as [dev.nsmon.container.Container#runtime] names it
  Optional<ContainerName> name(String runtime, String id) throws InterruptedException {
    if (!socket.isFor(runtime) || rests() || isAbsent()) {
      return Optional.empty();
    }
    try {
      if (api.isEmpty()) {
        api = Optional.of(findOut());
      }
      Optional<ContainerName> name = api.get().name(connector, socket.path(), id);
      works();
      return name;
    } catch (IOException | RuntimeException e) {
      // Any answer may be malformed. The next query may succeed.
      fails(e);
      return Optional.empty();
    }
  }

  private boolean rests() {
    return failing && nanoTime.getAsLong() - restsUntilNanos < 0;
  }

  /// Whether a default socket does not exist. That is not reported: most hosts have one runtime.
  private boolean isAbsent() {
    return !socket.runtimes().isEmpty() && !Files.exists(socket.path());
  }

  private Api findOut() throws IOException, InterruptedException {
    try {
      UnixHttp.get(connector, socket.path(), "/_ping");
      return new DockerApi();
    } catch (UnixHttp.NotHttpException e) {
      return new GrpcApi();
    }
  }

  private void works() {
    if (failing) {
      failing = false;
      remarks.accept(socket.path() + " can be asked again for names of containers");
    }
  }

  private void fails(Exception problem) {
    // The detected protocol may be wrong: a closed connection counts as "not HTTP".
    api = told();
    restsUntilNanos = nanoTime.getAsLong() + REST_NANOS;
    if (!failing) {
      failing = true;
      remarks.accept(
          socket.path()
              + " can't be asked for names of containers: "
              + UnixConnector.words(problem));
    }
  }
}
