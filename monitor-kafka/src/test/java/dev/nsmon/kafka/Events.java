package dev.nsmon.kafka;

import dev.nsmon.event.NamespaceEvent;
import dev.nsmon.event.NamespaceEvent.Created;
import dev.nsmon.event.NamespaceEvent.Destroyed;
import dev.nsmon.event.NamespaceEvent.Joined;
import dev.nsmon.event.NamespaceEvent.Left;
import dev.nsmon.event.NamespaceEvent.Place;
import dev.nsmon.event.NamespaceEvent.Sighting;
import dev.nsmon.event.Source;
import dev.nsmon.format.Host;
import dev.nsmon.format.JsonFormat;
import dev.nsmon.namespace.Evidence;
import dev.nsmon.namespace.Holder;
import dev.nsmon.namespace.Namespace;
import dev.nsmon.namespace.NamespaceLink;
import dev.nsmon.namespace.NamespaceSet;
import dev.nsmon.namespace.NamespaceType;
import dev.nsmon.namespace.ProcessInfo;
import dev.nsmon.namespace.Task;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// Events to publish, as a host makes them.
final class Events {
  static final Host HOST =
      new Host("web-1", "0123456789abcdef0123456789abcdef", "11111111-2222-3333-4444-555555555555");
  static final String STREAM = "5f0c6f3e-5b59-4d7c-9a58-0f6c9c1d8a11";

  private static final Instant BEGINNING = Instant.parse("2026-11-23T10:00:00.123456Z");

  private Events() {}

  /// What publishers write values in.
  static JsonFormat json() {
    return new JsonFormat(HOST, STREAM);
  }

  /// This many, as containers that come and go make them.
  static List<NamespaceEvent> some(int count) {
    List<NamespaceEvent> events = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      Namespace net = net(1000 + i / 4);
      Task task = task(2000 + i / 4, net, "/docker/" + "0123456789abcdef".repeat(4));
      events.add(
          switch (i % 4) {
            case 0 -> new Created(at(i), net, Optional.of(task), List.of());
            case 1 ->
                new Joined(
                    at(i), task, List.of(new Place(net, Optional.empty())), Optional.empty());
            case 2 -> new Left(at(i), task, List.of(net));
            default ->
                new Destroyed(
                    at(i), net, OptionalLong.of(12), Evidence.values()[0], Optional.of(task));
          });
    }
    return events;
  }

  /// One that is as large as one wants.
  static NamespaceEvent held(int holders) {
    List<Holder> all = new ArrayList<>();
    for (int i = 0; i < holders; i++) {
      all.add(new Holder.Mount("/run/netns/" + Integer.toHexString(i * 0x9E3779B1), "mnt:" + i));
    }
    return new Created(at(0), net(7), Optional.empty(), all);
  }

  static Sighting at(int millis) {
    return new Sighting(BEGINNING.plusMillis(millis), Optional.of(BEGINNING), Source.POLL);
  }

  static Namespace net(long id) {
    return namespace(NamespaceType.NET, id);
  }

  static Namespace namespace(NamespaceType type, long id) {
    return new Namespace(
        type,
        4026532000L + id,
        id,
        Namespace.keyOfId(type, id),
        false,
        "",
        "user:1",
        -1,
        Optional.empty());
  }

  static Task task(int pid, Namespace in, String cgroup) {
    Namespace[] links = new Namespace[NamespaceLink.COUNT];
    links[in.type().ordinal()] = in;
    return new Task(
        pid,
        0,
        pid,
        Task.State.LIVE,
        new NamespaceSet(links),
        new ProcessInfo(123, 1, "nginx", "/usr/sbin/nginx", 33, List.of(pid, 1), cgroup));
  }
}
