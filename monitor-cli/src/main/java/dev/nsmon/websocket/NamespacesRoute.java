package dev.nsmon.websocket;

import dev.nsmon.format.Host;
import dev.nsmon.format.JsonFormat;
import dev.nsmon.format.Members;
import dev.nsmon.log.Present;
import dev.nsmon.namespace.Namespace;
import dev.nsmon.namespace.Snapshot;
import dev.nsmon.namespace.Task;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// `/namespaces`: the present state as one JSON object, restricted by a [NamespaceQuery].
final class NamespacesRoute implements Route {
  /// How long a request waits for the state: the first full scan of a large host takes seconds.
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final JsonFormat format;
  private final SharedPresent present;

  NamespacesRoute(Host host, String stream, SharedPresent present) {
    this.format = new JsonFormat(host, stream);
    this.present = present;
  }

  @Override
  public Response answer(Request request) throws InterruptedException {
    NamespaceQuery query;
    try {
      query = NamespaceQuery.parse(request.query());
    } catch (BadRequestException e) {
      return Response.text(400, e.getMessage());
    }
    Optional<Present> now = present.within(PATIENCE);
    return now.isPresent()
        ? Response.json(200, body(now.get(), query))
        : Response.text(503, "the monitor has not answered for " + PATIENCE.toSeconds() + " s");
  }

  private byte[] body(Present now, NamespaceQuery query) {
    Snapshot snapshot = now.snapshot();
    Map<String, List<Task>> members = Members.of(snapshot);
    List<Namespace> namespaces =
        snapshot.namespaces().stream()
            .filter(one -> query.shows(one, members.getOrDefault(one.key(), List.of())))
            .sorted(Comparator.comparingLong(Namespace::inode))
            .toList();
    ByteArrayOutputStream out = new ByteArrayOutputStream(16 * 1024);
    try {
      format.writePresent(now.seq(), snapshot, namespaces, members, out);
    } catch (IOException e) {
      throw new UncheckedIOException("memory can't fail", e);
    }
    return out.toByteArray();
  }
}
