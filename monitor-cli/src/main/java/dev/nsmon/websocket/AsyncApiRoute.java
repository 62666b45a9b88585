package dev.nsmon.websocket;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.nsmon.format.JsonFormat;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/// `/asyncapi.json`: AsyncAPI 3 description of the stream and the Kafka topics. It includes the
/// JSON schema of a record.
final class AsyncApiRoute implements Route {
  private final String version;

  AsyncApiRoute(String version) {
    this.version = version;
  }

  @Override
  public Response answer(Request request) {
    return Response.json(200, document().getBytes(UTF_8));
  }

  /// Built for each request, because requests for it are rare.
  private String document() {
    // References in the schema start at its own root, which is a part of this document here.
    String schema =
        text(JsonFormat.class, "event-v1.schema.json")
            .replaceFirst("\"\\$schema\": \"[^\"]*\",\\s*", "")
            .replaceFirst("\"\\$id\": \"[^\"]*\",\\s*", "")
            .replace("\"#/$defs/", "\"#/components/schemas/event/$defs/");
    return text(AsyncApiRoute.class, "asyncapi.json")
        .replace("\"@event@\"", schema.strip())
        .replace("@version@", version);
  }

  private static String text(Class<?> beside, String name) {
    try (InputStream in = beside.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("in the jar", e);
    }
  }
}
