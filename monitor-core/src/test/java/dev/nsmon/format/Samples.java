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
}
