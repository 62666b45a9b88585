package dev.nsmon.websocket;

import dev.nsmon.format.JsonTree;
import dev.nsmon.format.Rfc3339;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/// `/readyz`: the health of the source, the sinks and all other components. 200 after the first
/// scan was appended to the log, 503 before that and while the monitor is blocked. An unreachable
/// sink does not cause 503: the monitor continues, and the journal keeps the events.
final class ReadyRoute implements Route {
  private final Supplier<Condition> condition;

  ReadyRoute(Supplier<Condition> condition) {
    this.condition = condition;
  }

  @Override
  public Response answer(Request request) {
    Condition now = condition.get();
    boolean ready =
        now.lastLook().isPresent() && now.components().stream().noneMatch(ReadyRoute::isBlocked);
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("ready", ready);
    body.put("seq", now.seq());
    now.lastLook().ifPresent(time -> body.put("lastLook", Rfc3339.utc(time)));
    now.feeding().ifPresent(feeding -> body.put("source", source(feeding)));
    body.put("sinks", now.sinks().stream().map(ReadyRoute::sink).toList());
    body.put("clients", now.clients().now());
    now.journal().ifPresent(journal -> body.put("journal", journal(journal)));
    body.put("components", now.components().stream().map(ReadyRoute::part).toList());
    body.put("problems", now.problems());
    return Response.json(ready ? 200 : 503, JsonTree.write(body));
  }

  private static boolean isBlocked(Condition.Part one) {
    return one.state() == Condition.State.STALLED;
  }

  private static Map<String, Object> source(Condition.Feeding feeding) {
    Map<String, Object> source = new LinkedHashMap<>();
    source.put("name", feeding.source());
    source.put("up", feeding.up());
    source.put("since", Rfc3339.utc(feeding.since()));
    feeding.why().ifPresent(why -> source.put("reason", why));
    return source;
  }

  private static Map<String, Object> journal(Condition.Kept kept) {
    Map<String, Object> journal = new LinkedHashMap<>();
    journal.put("condition", kept.works() ? "running" : "failing");
    kept.why().ifPresent(why -> journal.put("reason", why));
    journal.put("bytes", kept.bytes());
    return journal;
  }

  private static Map<String, Object> part(Condition.Part one) {
    Map<String, Object> part = new LinkedHashMap<>();
    part.put("name", one.name());
    part.put("condition", one.state().toString());
    part.put("restarts", one.restarts());
    one.reason().ifPresent(reason -> part.put("reason", reason));
    return part;
  }

  private static Map<String, Object> sink(Condition.Carried carried) {
    Map<String, Object> sink = new LinkedHashMap<>();
    sink.put("name", carried.sink());
    sink.put("condition", carried.state().toString());
    carried.lag().ifPresent(lag -> sink.put("lag", lag));
    sink.put("lost", carried.lost());
    return sink;
  }
}
