package dev.nsmon.corpus;

import dev.nsmon.event.NamespaceEvent;
import dev.nsmon.event.NamespaceEvent.Created;
import dev.nsmon.event.NamespaceEvent.Destroyed;
import dev.nsmon.event.NamespaceEvent.EventsLost;
import dev.nsmon.event.NamespaceEvent.Joined;
import dev.nsmon.event.NamespaceEvent.Left;
import dev.nsmon.event.NamespaceEvent.Place;
import dev.nsmon.event.NamespaceEvent.Synced;
import dev.nsmon.namespace.Holder;
import dev.nsmon.namespace.Namespace;
import dev.nsmon.namespace.Task;
import dev.nsmon.testing.TestClock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// Events in words, with namespaces called as the scenario calls them.
///
/// ```
/// created net1 by 42 held by descriptor 43/5
/// joined 42 net1<net:init by unshare
/// left 42 net1
/// destroyed net1 kernel-id-gone last 42
/// ```
///
/// A key is the namespace that had the id, or the inode, when the key was used first.
final class Words {
  private final Host host;
  private final long zeroNanos;
  private final Map<String, String> names = new HashMap<>();

  /// @param host whose clock has not been advanced
  Words(Host host) {
    this.host = host;
    this.zeroNanos = host.clock.nanoTime() - nanosSinceBegin(host.clock.instant());
  }

  private static long nanosSinceBegin(Instant time) {
    return Duration.between(TestClock.BEGIN, time).toNanos();
  }

  String of(NamespaceEvent event) {
    Instant time = event.sighting().time();
    return switch (event) {
      case Created created ->
          "created "
              + name(created.namespace(), time)
              + created.process().map(task -> " by " + who(task)).orElse("")
              + created.holders().stream()
                  .map(holder -> " held by " + holder(holder))
                  .collect(Collectors.joining());
      case Joined joined ->
          "joined "
              + who(joined.process())
              + joined.namespaces().stream()
                  .map(place -> place(place, time))
                  .collect(Collectors.joining())
              + joined.cause().map(cause -> " by " + cause).orElse("");
      case Left left ->
          "left "
              + who(left.process())
              + left.namespaces().stream()
                  .map(one -> " " + name(one, time))
                  .collect(Collectors.joining());
      case Destroyed destroyed ->
          "destroyed "
              + name(destroyed.namespace(), time)
              + " "
              + destroyed.evidence()
              + destroyed.process().map(task -> " last " + who(task)).orElse("");
      case Synced _ -> "synced";
      case EventsLost lost -> "lost " + lost.where();
      case NamespaceEvent.Other other -> "other " + other.word();
    };
  }

  private String place(Place place, Instant time) {
    return " "
        + name(place.namespace(), time)
        + place.from().map(from -> "<" + name(from, time)).orElse("");
  }

  private static String who(Task task) {
    return task.pid() + (task.tid() == 0 ? "" : "/" + task.tid());
  }

  private String holder(Holder holder) {
    return switch (holder) {
      case Holder.Mount mount -> "mount " + mount.path() + " in " + byKey(mount.mountNamespace());
      case Holder.Descriptor descriptor -> "descriptor " + descriptor.pid() + "/" + descriptor.fd();
      case Holder.Socket socket -> "socket " + socket.pid() + "/" + socket.fd();
      case Holder.StrayThread thread -> "thread " + thread.pid() + "/" + thread.tid();
      case Holder.ForChildren process -> "children of " + process.pid();
      case Holder.Child child -> "child " + byKey(child.key());
    };
  }

  /// What this key has been called.
  String byKey(String key) {
    return names.getOrDefault(key, "?" + key);
  }

  /// What the scenario calls this namespace.
  String name(Namespace namespace, Instant time) {
    return names.computeIfAbsent(namespace.key(), _ -> find(namespace, time));
  }

  private String find(Namespace namespace, Instant time) {
    List<Ns> had =
        host.namespaces.stream()
            .filter(ns -> ns.type == namespace.type() && ns.inode == namespace.inode())
            .filter(ns -> namespace.id() < 0 || ns.id == namespace.id())
            .toList();
    if (had.isEmpty()) {
      return "?" + namespace.key();
    }
    // What a scan shows may have come about while it was reading.
    long nanos = zeroNanos + nanosSinceBegin(time);
    return had.reversed().stream()
        .filter(ns -> ns.bornNanos <= nanos)
        .findFirst()
        .orElse(had.getFirst())
        .name;
  }
}
