package dev.nsmon.websocket;

import dev.nsmon.event.NamespaceEvent;
import dev.nsmon.event.NamespaceEvent.Created;
import dev.nsmon.event.NamespaceEvent.Destroyed;
import dev.nsmon.event.NamespaceEvent.Sighting;
import dev.nsmon.event.Source;
import dev.nsmon.log.EventLog;
import dev.nsmon.log.Present;
import dev.nsmon.namespace.Evidence;
import dev.nsmon.namespace.Namespace;
import dev.nsmon.namespace.NamespaceType;
import dev.nsmon.namespace.Snapshot;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;

/// A host whose namespaces come and go at random, and a log that is told so.
final class World {
  final EventLog log;
  final AtomicInteger asked = new AtomicInteger();
  private final Random random;
  private final Map<Long, Namespace> alive = new LinkedHashMap<>();
  private long lastId;

  World(EventLog log, long seed) {
    this.log = log;
    this.random = new Random(seed);
  }

  /// Appends a batch.
  synchronized void change(int events) {
    List<NamespaceEvent> batch = new ArrayList<>(events);
    for (int i = 0; i < events; i++) {
      batch.add(alive.size() > 5 && random.nextInt(100) < 48 ? destroy() : create());
    }
    log.append(batch);
  }

  private NamespaceEvent create() {
    NamespaceType type = NamespaceType.values()[(int) (++lastId % NamespaceType.values().length)];
    Namespace namespace =
        new Namespace(
            type,
            4026532000L + lastId,
            lastId,
            Namespace.keyOfId(type, lastId),
            false,
            "",
            "",
            -1,
            lastId % 2 == 0 ? Optional.empty() : Optional.of(Instant.now()));
    alive.put(lastId, namespace);
    return new Created(now(), namespace, Optional.empty(), List.of());
  }

  private NamespaceEvent destroy() {
    List<Long> ids = List.copyOf(alive.keySet());
    Namespace gone = alive.remove(ids.get(random.nextInt(Math.min(ids.size(), 50))));
    return new Destroyed(
        now(), gone, OptionalLong.empty(), Evidence.KERNEL_ID_GONE, Optional.empty());
  }

  private static Sighting now() {
    return new Sighting(Instant.now(), Optional.empty(), Source.POLL);
  }

  synchronized Present present() {
    asked.incrementAndGet();
    Snapshot none = Snapshot.EMPTY;
    return new Present(
        log.nextSeq() - 1,
        new Snapshot(
            Instant.now(),
            List.of(),
            List.copyOf(alive.values()),
            Map.of(),
            List.of(),
            none.report()));
  }

  /// The keys of all that there are.
  synchronized Set<String> keys() {
    Set<String> keys = new TreeSet<>();
    alive.values().forEach(one -> keys.add(one.key()));
    return keys;
  }
}
