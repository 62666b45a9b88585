package dev.nsmon.runtime;

import dev.nsmon.namespace.ContainerName;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/// One socket and in what condition it is. One that has failed is passed over for five seconds:
/// others would wait for it. One thread.
final class Asked {
  private static final long REST_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final UnixConnector connector;
  private final RuntimeSocket socket;
  private final Consumer<String> remarks;
  private final LongSupplier nanoTime;
  private Optional<Api> api;
  private boolean failing;

  /// While it fails: until when it is passed over, by monotonic time.
  private long restsUntilNanos;

  /// @param remarks takes words for people, when its condition changes
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

  /// What it is said to speak; empty if that has to be found out.
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

  /// What it calls this container; empty if it does not know it, or can't be asked.
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
      // Whatever it is, the next question may be answered.
      fails(e);
      return Optional.empty();
    }
  }

  private boolean rests() {
    return failing && nanoTime.getAsLong() - restsUntilNanos < 0;
  }

  /// Most hosts have one runtime, and none of the others is missed.
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
    // It may have hung up for another reason than what it speaks.
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
