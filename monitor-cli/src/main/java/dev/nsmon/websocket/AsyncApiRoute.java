package dev.nsmon.websocket;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.nsmon.format.JsonFormat;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/// `/asyncapi.json`: the stream and the topics as AsyncAPI 3 describes such things, with the schema
/// of the record in it.
final class AsyncApiRoute implements Route {
  private final String version;

  AsyncApiRoute(String version) {
    this.version = version;
  }

  @Override
  public Response answer(Request request) {
    return Response.json(200, document().getBytes(UTF_8));
  }

  /// Asked for so seldom that it is made anew each time.
  private String document() {
    // A reference of the schema is to its own root, which is a part of this document now.
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
