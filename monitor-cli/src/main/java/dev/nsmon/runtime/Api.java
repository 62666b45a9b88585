package dev.nsmon.runtime;

import dev.nsmon.namespace.ContainerName;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/// The protocol of a container runtime's socket.
interface Api {

  /// Queries the name and image of the container with this id; empty if the runtime has no such
  /// container.
  ///
  /// @throws IOException if the runtime does not answer, or answers with an error
  Optional<ContainerName> name(UnixConnector connector, Path socket, String id)
      throws IOException, InterruptedException;
}
