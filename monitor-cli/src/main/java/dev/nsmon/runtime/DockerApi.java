package dev.nsmon.runtime;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.nsmon.namespace.ContainerName;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/// Docker's Engine API, `GET /containers/ID/json`, which Podman answers too.
final class DockerApi implements Api {
  private static final int OK = 200;
  private static final int NOT_FOUND = 404;
  private static final ObjectMapper JSON = new ObjectMapper();

  @Override
  public Optional<ContainerName> name(UnixConnector connector, Path socket, String id)
      throws IOException, InterruptedException {
    UnixHttp.Answer answer = UnixHttp.get(connector, socket, "/containers/" + id + "/json");
    return switch (answer.status()) {
      case OK -> Optional.of(read(answer.body()));
      case NOT_FOUND -> Optional.empty();
      default -> throw new IOException("HTTP status " + answer.status());
    };
  }

  private static ContainerName read(String body) throws IOException {
    JsonNode container = JSON.readTree(body);
    String name = container.path("Name").asText("");
    return new ContainerName(
        name.startsWith("/") ? name.substring(1) : name,
        container.path("Config").path("Image").asText(""));
  }
}
