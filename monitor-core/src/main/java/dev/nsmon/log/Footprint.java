package dev.nsmon.log;

import dev.nsmon.event.NamespaceEvent;
import dev.nsmon.event.NamespaceEvent.Created;
import dev.nsmon.event.NamespaceEvent.Destroyed;
import dev.nsmon.event.NamespaceEvent.EventsLost;
import dev.nsmon.event.NamespaceEvent.Joined;
import dev.nsmon.event.NamespaceEvent.Left;
import dev.nsmon.event.NamespaceEvent.Other;
import dev.nsmon.event.NamespaceEvent.Synced;
import dev.nsmon.namespace.Task;

/// Estimates how much heap an event retains, in bytes. It is an upper estimate, for compact object
/// headers. Namespaces and tasks are counted in full, although the snapshot often shares them.
final class Footprint {
  private static final int EVENT = 160;
  private static final int NAMESPACE = 240;
  private static final int TASK = 280;

  /// The size of a record as JSON, in bytes. Most records are smaller.
  static final int RECORD = 1024;

  private Footprint() {}

  static long of(NamespaceEvent event) {
    return switch (event) {
      case Created created ->
          EVENT
              + NAMESPACE
              + 96L * created.holders().size()
              + created.process().map(Footprint::of).orElse(0L);
      case Joined joined ->
          EVENT + of(joined.process()) + (long) joined.namespaces().size() * (NAMESPACE + 48);
      case Left left -> EVENT + of(left.process()) + (long) left.namespaces().size() * NAMESPACE;
      case Destroyed destroyed ->
          EVENT + NAMESPACE + destroyed.process().map(Footprint::of).orElse(0L);
      case Synced _ -> EVENT + 512;
      case EventsLost _ -> EVENT;
      case Other other ->
          EVENT
              + other.json().length()
              + (long) other.namespaces().size() * NAMESPACE
              + other.process().map(Footprint::of).orElse(0L);
    };
  }

  private static long of(Task task) {
    return TASK
        + 2L
            * (task.info().comm().length()
                + task.info().exe().length()
                + task.info().cgroup().length()
                + task.info().called().name().length()
                + task.info().called().image().length())
        + 24L * task.info().nsPids().size();
  }
}
