package dev.nsmon.runtime;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A UNIX socket on which a container runtime listens.
///
/// @param path of the socket
/// @param runtimes names of runtimes, as in [dev.nsmon.container.Container#runtime], whose
///   containers are queried here; empty for all
/// @param api the protocol; empty if it must be detected
public record RuntimeSocket(Path path, Set<String> runtimes, Optional<Speaks> api) {

  /// Protocols of runtimes.
  public enum Speaks {
    DOCKER,
    GRPC
  }

  /// The default sockets of the supported runtimes.
  public static List<RuntimeSocket> usual() {
    return List.of(
        usual("/run/docker.sock", "docker", Speaks.DOCKER),
        usual("/run/podman/podman.sock", "podman", Speaks.DOCKER),
        usual("/run/containerd/containerd.sock", "containerd", Speaks.GRPC),
        usual("/run/crio/crio.sock", "cri-o", Speaks.GRPC));
  }

  private static RuntimeSocket usual(String path, String runtime, Speaks speaks) {
    // "" is a container whose cgroup path does not name its runtime: each may have it.
    return new RuntimeSocket(Path.of(path), Set.of(runtime, ""), Optional.of(speaks));
  }

  /// A socket of an unknown runtime, whose protocol is detected.
  public static RuntimeSocket at(Path path) {
    return new RuntimeSocket(path, Set.of(), Optional.empty());
  }

  boolean isFor(String runtime) {
    return runtimes.isEmpty() || runtimes.contains(runtime);
  }
}
