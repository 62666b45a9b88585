package dev.nsmon.procfs;

import dev.nsmon.event.NamespaceEvent;
import dev.nsmon.event.NamespaceEvent.Created;
import dev.nsmon.event.NamespaceEvent.Destroyed;
import dev.nsmon.event.NamespaceEvent.EventsLost;
import dev.nsmon.event.NamespaceEvent.Joined;
import dev.nsmon.event.NamespaceEvent.Left;
import dev.nsmon.event.NamespaceEvent.Place;
import dev.nsmon.event.NamespaceEvent.Synced;
import dev.nsmon.namespace.Cause;
import dev.nsmon.namespace.Holder;
import dev.nsmon.namespace.Namespace;
import dev.nsmon.namespace.NamespaceType;
import dev.nsmon.namespace.Task;
import dev.nsmon.push.Inodes;
import java.util.List;
import java.util.stream.Collectors;

/// Records and what becomes of them, in few words.
///
/// Inodes are counted from [ProcScannerFixture#FAKE]: a record names `net:1`, and the events the
/// key `net:1.2` of the second namespace that has had this inode. Initial ones are `net:init`.
final class Records {
  private Records() {}

  /// What a record names of a task that is in the initial namespaces but for these. None names the
  /// time namespace.
  static Inodes inodes(String... names) {
    long[] inodes = new long[NamespaceType.values().length];
    for (NamespaceType type : NamespaceType.values()) {
      inodes[type.ordinal()] = type == NamespaceType.TIME ? 0 : type.initialInode();
    }
    for (String name : names) {
      NamespaceType type = NamespaceType.byKernelName(typeOf(name)).orElseThrow();
      inodes[type.ordinal()] = ProcScannerFixture.FAKE + numberOf(name);
    }
    return new Inodes(inodes);
  }

  /// The same names as links show them.
  static String[] links(String... names) {
    String[] links = new String[names.length];
    for (int i = 0; i < names.length; i++) {
      links[i] = typeOf(names[i]) + ":[" + (ProcScannerFixture.FAKE + numberOf(names[i])) + "]";
    }
    return links;
  }

  private static String typeOf(String name) {
    return name.substring(0, name.indexOf(':'));
  }

  private static int numberOf(String name) {
    return Integer.parseInt(name.substring(name.indexOf(':') + 1));
  }

  static List<String> told(List<NamespaceEvent> events) {
    return events.stream().map(Records::told).toList();
  }

  private static String told(NamespaceEvent event) {
    return switch (event) {
      case Created created ->
          "created "
              + key(created.namespace())
              + created.process().map(task -> " by " + who(task)).orElse("")
              + created.holders().stream().map(Records::holder).collect(Collectors.joining());
      case Joined joined ->
          "joined "
              + who(joined.process())
              + joined.namespaces().stream().map(Records::place).collect(Collectors.joining())
              + joined.cause().map(Cause::toString).map(" by "::concat).orElse("");
      case Left left ->
          "left "
              + who(left.process())
              + left.namespaces().stream().map(one -> " " + key(one)).collect(Collectors.joining());
      case Destroyed destroyed ->
          "destroyed "
              + key(destroyed.namespace())
              + " "
              + destroyed.evidence()
              + destroyed.process().map(task -> " last " + who(task)).orElse("");
      case Synced _ -> "synced";
      case EventsLost lost -> "lost " + lost.where();
      case NamespaceEvent.Other other -> "other " + other.word();
    };
  }

  static String who(Task task) {
    return task.pid() + (task.tid() == 0 ? "" : "/" + task.tid());
  }

  private static String holder(Holder holder) {
    return switch (holder) {
      case Holder.StrayThread thread -> " held by thread " + thread.pid() + "/" + thread.tid();
      case Holder.ForChildren process -> " held for children of " + process.pid();
      case Holder other -> " held by " + other;
    };
  }

  private static String place(Place place) {
    return " " + key(place.namespace()) + place.from().map(from -> "<" + key(from)).orElse("");
  }

  static String key(Namespace namespace) {
    return namespace.initial()
        ? namespace.type() + ":init"
        : namespace.key().replace(":" + namespace.inode(), ":" + number(namespace));
  }

  private static long number(Namespace namespace) {
    return namespace.inode() - ProcScannerFixture.FAKE;
  }
}
