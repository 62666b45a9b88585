package dev.nsmon.runtime;

import dev.nsmon.namespace.ContainerName;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/// What a socket speaks.
interface Api {

  /// What the runtime calls the container of this id; empty if it has none of that id.
  ///
  /// @throws IOException if it can't be asked now
  Optional<ContainerName> name(UnixConnector connector, Path socket, String id)
      throws IOException, InterruptedException;
}
