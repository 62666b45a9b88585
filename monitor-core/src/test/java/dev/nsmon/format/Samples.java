package dev.nsmon.format;

import dev.nsmon.event.Attention;
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
import dev.nsmon.namespace.Cause;
import dev.nsmon.namespace.ContainerName;
import dev.nsmon.namespace.Evidence;
import dev.nsmon.namespace.Holder;
import dev.nsmon.namespace.Namespace;
import dev.nsmon.namespace.NamespaceLink;
import dev.nsmon.namespace.NamespaceSet;
import dev.nsmon.namespace.NamespaceType;
import dev.nsmon.namespace.ProcessInfo;
import dev.nsmon.namespace.Task;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/// One event of every kind, with everything known and with nothing known.
public final class Samples {
  public static final Instant TIME = Instant.parse("2026-11-23T10:00:00.123456789Z");
  public static final Sighting POLLED =
      new Sighting(TIME, Optional.of(TIME.minusSeconds(1)), Source.POLL);
  public static final Namespace HOST_NET =
      new Namespace(
          NamespaceType.NET, 4026531833L, 3, "net:3", true, "", "user:4099", -1, Optional.empty());
  public static final Namespace NET =
      new Namespace(
          NamespaceType.NET,
          4026532177L,
          810,
          "net:810",
          false,
          "",
          "user:4099",
          -1,
          Optional.of(TIME));
  public static final Namespace USER =
      new Namespace(
          NamespaceType.USER,
          4026532178L,
          811,
          "user:811",
          false,
          "user:4099",
          "user:4099",
          1000,
          Optional.of(TIME));
  public static final Namespace BARE =
      new Namespace(
          NamespaceType.UTS,
          4026532179L,
          -1,
          "uts:4026532179.2",
          false,
          "",
          "",
          -1,
          Optional.empty());
  public static final List<Holder> HOLDERS =
      List.of(
          new Holder.Mount("/run/netns/b\u001blue", "mnt:4"),
          new Holder.Descriptor(12, 3),
          new Holder.Socket(12, 4),
          new Holder.StrayThread(12, 13),
          new Holder.ForChildren(14),
          new Holder.Child("user:812"));

  private Samples() {}

  public static Task process(String comm) {
    return new Task(
        4711,
        0,
        1,
        Task.State.LIVE,
        set(NET, USER),
        new ProcessInfo(
            61624,
            1,
            comm,
            "/usr/sbin/nginx",
            0,
            List.of(4711, 1),
            "/system.slice/docker-" + "3f2a91c0d5e1".repeat(5) + "abcd.scope"));
  }

  public static Task unknownThread() {
    return new Task(4711, 4713, 2, Task.State.LIVE, set(BARE), ProcessInfo.UNKNOWN);
  }

  public static NamespaceSet set(Namespace... namespaces) {
    Namespace[] links = new Namespace[NamespaceLink.COUNT];
    for (Namespace namespace : namespaces) {
      links[namespace.type().ordinal()] = namespace;
    }
    return new NamespaceSet(links);
  }

  public static List<NamespaceEvent> events(String comm) {
    Task process = process(comm);
    Map<NamespaceType, Integer> counts = new EnumMap<>(NamespaceType.class);
    counts.put(NamespaceType.NET, 2);
    counts.put(NamespaceType.UTS, 1);
    Sighting baseline = new Sighting(TIME, Optional.empty(), Source.BASELINE);
    return List.of(
        new Created(POLLED, USER, Optional.of(process), HOLDERS),
        new Created(baseline, BARE, Optional.empty(), List.of()),
        new Joined(
            POLLED,
            process,
            List.of(new Place(NET, Optional.of(HOST_NET)), new Place(USER, Optional.empty())),
            Optional.of(Cause.UNSHARE)),
        new Joined(
            POLLED, unknownThread(), List.of(new Place(BARE, Optional.empty())), Optional.empty()),
        new Left(POLLED, process, List.of(NET, USER)),
        new Destroyed(
            POLLED, NET, OptionalLong.of(3000), Evidence.KERNEL_ID_GONE, Optional.of(process)),
        new Destroyed(POLLED, BARE, OptionalLong.empty(), Evidence.NO_HOLDER, Optional.empty()),
        new Synced(baseline, counts, 68, 1),
        new EventsLost(
            POLLED,
            EventsLost.Where.LOG,
            OptionalLong.of(5),
            OptionalLong.of(9),
            OptionalLong.of(5)),
        new EventsLost(
            POLLED,
            EventsLost.Where.KERNEL,
            OptionalLong.empty(),
            OptionalLong.empty(),
            OptionalLong.empty()),
        new Joined(
            POLLED,
            process,
            List.of(new Place(HOST_NET, Optional.of(NET)), new Place(USER, Optional.empty())),
            Optional.of(Cause.SETNS),
            List.of(new Attention(Attention.Whose.HOST, NamespaceType.NET))));
  }

  /// All of both.
  public static List<NamespaceEvent> all() {
    return Stream.concat(events("nginx").stream(), more().stream()).toList();
  }

  /// What a process has on other hosts, and what else the formats tell apart: pods, units, threads,
  /// nested pids, an earlier boot, each severity, and lives of every length.
  public static List<NamespaceEvent> more() {
    Sighting baseline = new Sighting(TIME, Optional.empty(), Source.BASELINE);
    Sighting earlier =
        new Sighting(TIME, Optional.of(TIME.minusSeconds(60)), Source.PERF, Optional.of("b-0"));
    Map<NamespaceType, Integer> counts = new EnumMap<>(NamespaceType.class);
    for (NamespaceType type : NamespaceType.values()) {
      counts.put(type, 3 + type.ordinal());
    }
    Task pod = pod();
    Task unit = unit();
    Task plain = plain();
    return List.of(
        new Created(baseline, HOST_NET, Optional.of(pod), List.of()),
        new Created(POLLED, NET, Optional.empty(), HOLDERS.subList(0, 2)),
        new Created(POLLED, USER, Optional.empty(), HOLDERS),
        new Joined(
            earlier,
            pod,
            List.of(new Place(HOST_NET, Optional.of(NET))),
            Optional.of(Cause.SETNS),
            List.of(
                new Attention(Attention.Whose.HOST, NamespaceType.NET),
                new Attention(Attention.Whose.OTHER_CONTAINER, NamespaceType.UTS),
                new Attention(Attention.Whose.HOST, NamespaceType.USER))),
        new Joined(
            earlier,
            unit,
            List.of(new Place(NET, Optional.of(HOST_NET)), new Place(USER, Optional.of(USER))),
            Optional.empty(),
            List.of(new Attention(Attention.Whose.OTHER_CONTAINER, NamespaceType.NET))),
        new Joined(
            POLLED, plain, List.of(new Place(NET, Optional.empty())), Optional.of(Cause.FORK)),
        new Left(earlier, unit, List.of(USER)),
        new Left(POLLED, plain, List.of(NET, USER, BARE)),
        destroyed(0, Evidence.NO_HOLDER),
        destroyed(999, Evidence.KERNEL_ID_GONE),
        destroyed(1_000, Evidence.INODE_REUSED),
        destroyed(59_999, Evidence.KERNEL_ID_GONE),
        destroyed(60_000, Evidence.KERNEL_ID_GONE),
        destroyed(3_599_999, Evidence.KERNEL_ID_GONE),
        destroyed(3_600_000, Evidence.KERNEL_ID_GONE),
        destroyed(90_061_000, Evidence.KERNEL_ID_GONE),
        new Synced(earlier, counts, 4711, 0),
        new EventsLost(
            earlier,
            EventsLost.Where.POLL,
            OptionalLong.empty(),
            OptionalLong.empty(),
            OptionalLong.of(7)));
  }

  private static Destroyed destroyed(long millis, Evidence evidence) {
    return new Destroyed(POLLED, USER, OptionalLong.of(millis), evidence, Optional.of(pod()));
  }

  /// A thread in a Kubernetes pod, of a user id that C's `int` has no room for.
  private static Task pod() {
    String id = "0123456789abcdef".repeat(4);
    String group = "/kubepods/burstable/pod0a1b2c3d-1111-2222-3333-445566778899/crio-" + id;
    ProcessInfo info =
        new ProcessInfo(0, 17, "worker", "/app", -2, List.of(4720, 20, 1), group)
            .inContainer(new ContainerName("shop=1", "registry/shop:1.29"));
    return new Task(4720, 4721, 3, Task.State.LIVE, set(HOST_NET, USER), info);
  }

  private static Task unit() {
    ProcessInfo info =
        new ProcessInfo(7, 0, "ssh]d", "sshd", 1000, List.of(4800), "/system.slice/ssh.service");
    return new Task(4800, 0, 4, Task.State.LIVE, set(NET, USER), info);
  }

  private static Task plain() {
    ProcessInfo info = new ProcessInfo(8, 2, "sh", "/bin/sh", -1, List.of(), "");
    return new Task(4900, 0, 5, Task.State.LIVE, set(NET), info);
  }
}
