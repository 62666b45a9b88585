package dev.nsmon.runtime;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A socket that a container runtime listens on.
///
/// @param path of the socket
/// @param runtimes whose containers it is asked for, as [dev.nsmon.container.Container#runtime]
///   names them; empty for all
/// @param api what it speaks; empty if that has to be found out
public record RuntimeSocket(Path path, Set<String> runtimes, Optional<Speaks> api) {

  /// What sockets speak.
  public enum Speaks {
    DOCKER,
    GRPC
  }

  /// Where the runtimes listen unless they are told otherwise.
  public static List<RuntimeSocket> usual() {
    return List.of(
        usual("/run/docker.sock", "docker", Speaks.DOCKER),
        usual("/run/podman/podman.sock", "podman", Speaks.DOCKER),
        usual("/run/containerd/containerd.sock", "containerd", Speaks.GRPC),
        usual("/run/crio/crio.sock", "cri-o", Speaks.GRPC));
  }

  private static RuntimeSocket usual(String path, String runtime, Speaks speaks) {
    // A container of an unknown runtime may be anybody's.
    return new RuntimeSocket(Path.of(path), Set.of(runtime, ""), Optional.of(speaks));
  }

  /// One of whatever runtime.
  public static RuntimeSocket at(Path path) {
    return new RuntimeSocket(path, Set.of(), Optional.empty());
  }

  boolean isFor(String runtime) {
    return runtimes.isEmpty() || runtimes.contains(runtime);
  }
}
