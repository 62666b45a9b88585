package dev.nsmon.websocket;

import dev.nsmon.event.NamespaceEvent;
import dev.nsmon.event.NamespaceEvent.Created;
import dev.nsmon.event.NamespaceEvent.Destroyed;
import dev.nsmon.event.NamespaceEvent.EventsLost;
import dev.nsmon.event.NamespaceEvent.Joined;
import dev.nsmon.event.NamespaceEvent.Left;
import dev.nsmon.event.NamespaceEvent.Place;
import dev.nsmon.event.NamespaceEvent.Sighting;
import dev.nsmon.event.NamespaceEvent.Synced;
import dev.nsmon.event.Source;
import dev.nsmon.format.Host;
import dev.nsmon.log.Present;
import dev.nsmon.namespace.Evidence;
import dev.nsmon.namespace.LookReport;
import dev.nsmon.namespace.Namespace;
import dev.nsmon.namespace.NamespaceLink;
import dev.nsmon.namespace.NamespaceSet;
import dev.nsmon.namespace.NamespaceType;
import dev.nsmon.namespace.ProcessInfo;
import dev.nsmon.namespace.Snapshot;
import dev.nsmon.namespace.Task;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/// A small host, and what happened on it.
final class Scene {
  static final Host HOST = new Host("node-1", "m-id", "b-id");
  static final Instant TIME = Instant.parse("2026-11-23T10:00:00.123456Z");
  static final String CONTAINER = "3f2a91c0d5e1".repeat(5) + "abcd";
  static final Namespace HOST_NET = namespace(NamespaceType.NET, 4026531833L, 3, true);
  static final Namespace NET = namespace(NamespaceType.NET, 4026532177L, 810, false);
  static final Namespace UTS = namespace(NamespaceType.UTS, 4026532179L, 812, false);
  static final Task INIT = task(1, "systemd", "/init.scope", Task.State.LIVE, HOST_NET);
  static final Task NGINX =
      task(
          4711, "nginx", "/system.slice/docker-" + CONTAINER + ".scope", Task.State.LIVE, NET, UTS);
  static final Task HIDDEN = task(4800, "hidden", "", Task.State.DENIED);
  private static final Sighting POLLED =
      new Sighting(TIME, Optional.of(TIME.minusSeconds(1)), Source.POLL);

  private Scene() {}

  private static Namespace namespace(NamespaceType type, long inode, long id, boolean initial) {
    return new Namespace(
        type, inode, id, type.kernelName() + ":" + id, initial, "", "", -1, Optional.empty());
  }

  private static Task task(
      int pid, String comm, String cgroup, Task.State state, Namespace... namespaces) {
    Namespace[] links = new Namespace[NamespaceLink.COUNT];
    for (Namespace one : namespaces) {
      links[one.type().ordinal()] = one;
    }
    ProcessInfo info = new ProcessInfo(61624, 1, comm, "", 0, List.of(pid), cgroup);
    return new Task(pid, 0, pid, state, new NamespaceSet(links), info);
  }

  static Present present(long seq) {
    return new Present(
        seq,
        new Snapshot(
            TIME,
            List.of(INIT, NGINX, HIDDEN),
            List.of(HOST_NET, NET, UTS),
            Map.of(),
            List.of(),
            new LookReport(0, 0, 0, 0, 0, 0)));
  }

  /// Seven records.
  static List<NamespaceEvent> events() {
    return List.of(
        new Created(POLLED, NET, Optional.of(NGINX), List.of()),
        new Joined(
            POLLED,
            NGINX,
            List.of(new Place(NET, Optional.of(HOST_NET)), new Place(UTS, Optional.empty())),
            Optional.empty()),
        new Joined(
            POLLED,
            NGINX,
            List.of(new Place(NET, Optional.empty()), new Place(UTS, Optional.empty())),
            Optional.empty()),
        new Left(POLLED, NGINX, List.of(NET, UTS)),
        new Destroyed(POLLED, NET, OptionalLong.empty(), Evidence.KERNEL_ID_GONE, Optional.empty()),
        new Synced(POLLED, Map.of(), 1, 0),
        lost(EventsLost.Where.KERNEL, OptionalLong.of(5)),
        lost(EventsLost.Where.POLL, OptionalLong.empty()));
  }

  private static EventsLost lost(EventsLost.Where where, OptionalLong count) {
    return new EventsLost(POLLED, where, OptionalLong.empty(), OptionalLong.empty(), count);
  }

  static Condition condition(boolean ready) {
    return new Condition(
        8,
        ready ? Optional.of(TIME) : Optional.empty(),
        List.of(
            new Condition.Looks("full", List.of(0.1, 1.0), List.of(2L, 1L, 1L), 3.5),
            new Condition.Looks("comparison", List.of(0.1, 1.0), List.of(0L, 0L, 0L), 0)),
        Optional.of(new Condition.Feeding("perf", false, TIME, Optional.of("EACCES"))),
        3,
        2,
        Duration.ofMillis(1500),
        List.of(
            new Condition.Carried(
                "kafka:nsmon.events", Condition.State.STALLED, OptionalLong.of(12), 4),
            new Condition.Carried("metrics", Condition.State.RUNNING, OptionalLong.empty(), 0)),
        new Condition.Clients(7, 2, 1, 6),
        Optional.of(new Condition.Kept(false, Optional.of("no space"), 4096)),
        List.of(
            new Condition.Part("monitor", Condition.State.RUNNING, 0, Optional.empty()),
            new Condition.Part("metrics", Condition.State.RUNNING, 2, Optional.of("a bug")),
            new Condition.Part("source", Condition.State.RESTARTING, 1, Optional.of("EACCES"))),
        Duration.ofSeconds(30));
  }
}
