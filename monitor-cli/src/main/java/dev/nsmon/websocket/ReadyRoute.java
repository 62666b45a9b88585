package dev.nsmon.websocket;

import dev.nsmon.format.JsonTree;
import dev.nsmon.format.Rfc3339;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/// `/readyz`: 200 once the first look is told, with the condition of sources and sinks. A sink that
/// can't be reached is no reason to be unready: the monitor goes on, and the journal keeps.
final class ReadyRoute implements Route {
  private final Supplier<Condition> condition;

  ReadyRoute(Supplier<Condition> condition) {
    this.condition = condition;
  }

  @Override
  public Response answer(Request request) {
    Condition now = condition.get();
    boolean ready = now.lastLook().isPresent();
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("ready", ready);
    body.put("seq", now.seq());
    now.lastLook().ifPresent(time -> body.put("lastLook", Rfc3339.utc(time)));
    now.feeding().ifPresent(feeding -> body.put("source", source(feeding)));
    body.put("sinks", now.sinks().stream().map(ReadyRoute::sink).toList());
    body.put("clients", now.clients());
    return Response.json(ready ? 200 : 503, JsonTree.write(body));
  }

  private static Map<String, Object> source(Condition.Feeding feeding) {
    Map<String, Object> source = new LinkedHashMap<>();
    source.put("name", feeding.source());
    source.put("up", feeding.up());
    source.put("since", Rfc3339.utc(feeding.since()));
    return source;
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
