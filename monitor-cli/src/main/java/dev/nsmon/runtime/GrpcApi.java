package dev.nsmon.runtime;

import dev.nsmon.namespace.ContainerName;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/// Queries containers by the Kubernetes Container Runtime Interface (`runtime.v1`), which CRI-O and
/// containerd implement, then by containerd's own API. CRI does not know containers that Kubernetes
/// did not create, nor pod sandboxes; containerd's API does.
///
/// Field numbers are those of `k8s.io/cri-api/pkg/apis/runtime/v1/api.proto` and of containerd's
/// `api/services/containers/v1/containers.proto` and `.../namespaces/v1/namespace.proto`.
final class GrpcApi implements Api {
  private static final String CRI = "/runtime.v1.RuntimeService/ContainerStatus";
  private static final String NAMESPACES = "/containerd.services.namespaces.v1.Namespaces/List";
  private static final String CONTAINER = "/containerd.services.containers.v1.Containers/Get";

  /// Name of a header. Namespaces of containerd are not kernel namespaces.
  private static final String NAMESPACE = "containerd-namespace";

  private static final int MOST_NAMESPACES = 16;

  @Override
  public Optional<ContainerName> name(UnixConnector connector, Path socket, String id)
      throws IOException, InterruptedException {
    try (UnixGrpc grpc = new UnixGrpc(connector, socket)) {
      Optional<Protobuf> status = ask(grpc, CRI, Protobuf.ofText(1, id), Map.of());
      if (status.isPresent()) {
        Protobuf container = status.get().message(1);
        return Optional.of(
            new ContainerName(container.message(2).text(1), container.message(8).text(1)));
      }
      return ofContainerd(grpc, id);
    }
  }

  private static Optional<ContainerName> ofContainerd(UnixGrpc grpc, String id)
      throws IOException, InterruptedException {
    Optional<Protobuf> namespaces = ask(grpc, NAMESPACES, new byte[0], Map.of());
    if (namespaces.isEmpty()) {
      return Optional.empty();
    }
    for (Protobuf one : namespaces.get().messages(1).stream().limit(MOST_NAMESPACES).toList()) {
      Optional<Protobuf> found =
          ask(grpc, CONTAINER, Protobuf.ofText(1, id), Map.of(NAMESPACE, one.text(1)));
      if (found.isPresent()) {
        return Optional.of(read(found.get().message(1)));
      }
    }
    return Optional.empty();
  }

  private static ContainerName read(Protobuf container) throws IOException {
    String name = "";
    for (Protobuf label : container.messages(2)) {
      if (label.text(1).equals("nerdctl/name")
          || label.text(1).equals("io.kubernetes.container.name")) {
        name = label.text(2);
      }
    }
    return new ContainerName(name, container.text(3));
  }

  /// Calls a method; empty if the object or the service does not exist.
  private static Optional<Protobuf> ask(
      UnixGrpc grpc, String method, byte[] message, Map<String, String> metadata)
      throws IOException, InterruptedException {
    UnixGrpc.Answer answer = grpc.call(method, message, metadata);
    if (answer.isOk()) {
      return Optional.of(answer.message());
    }
    if (answer.isNone()) {
      return Optional.empty();
    }
    throw new IOException("gRPC status " + answer.status() + ", " + answer.words());
  }
}
