package dev.nsmon.event;

import dev.nsmon.namespace.Ended;
import dev.nsmon.namespace.Evidence;
import dev.nsmon.namespace.Holder;
import dev.nsmon.namespace.LookReport;
import dev.nsmon.namespace.Namespace;
import dev.nsmon.namespace.NamespaceLink;
import dev.nsmon.namespace.NamespaceSet;
import dev.nsmon.namespace.NamespaceType;
import dev.nsmon.namespace.ProcessInfo;
import dev.nsmon.namespace.Snapshot;
import dev.nsmon.namespace.Task;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// A host put together by hand, and looks at it one second apart. As with the scanner, what has not
/// changed is the same instance in every look.
final class Scene {
  static final Instant BEGAN = Instant.parse("2026-11-23T12:00:00Z");

  private final Map<String, Task> rows = new TreeMap<>();
  private final List<Namespace> namespaces = new ArrayList<>();
  private final List<Ended> ended = new ArrayList<>();
  private long ids;
  private long instances;
  private int looks;

  Scene() {
    for (NamespaceType type : NamespaceType.values()) {
      namespaces.add(
          new Namespace(
              type,
              type.initialInode(),
              type.ordinal(),
              type + ":init",
              true,
              "",
              "user:init",
              -1,
              Optional.empty()));
    }
  }

  Namespace initial(NamespaceType type) {
    return namespaces.get(type.ordinal());
  }

  /// A new namespace with an inode of its own.
  Namespace begin(NamespaceType type) {
    return begin(type, 4_026_532_000L + ids, "");
  }

  /// A new namespace, with the key `type:N` for the Nth that began.
  Namespace begin(NamespaceType type, long inode, String owner) {
    long id = ++ids;
    Optional<Instant> created = looks == 0 ? Optional.empty() : Optional.of(now());
    Namespace namespace =
        new Namespace(
            type,
            inode,
            id,
            Namespace.keyOfId(type, id),
            false,
            type.hasParent() ? owner : "",
            owner,
            -1,
            created);
    namespaces.add(namespace);
    return namespace;
  }

  void end(Namespace namespace) {
    namespaces.remove(namespace);
    ended.addFirst(new Ended(namespace, Evidence.KERNEL_ID_GONE, Optional.empty()));
  }

  /// A new process in the initial namespaces but for these.
  void process(int pid, Namespace... in) {
    row(new Task(pid, 0, ++instances, Task.State.LIVE, set(in), ProcessInfo.UNKNOWN));
  }

  void thread(int pid, int tid, Namespace... in) {
    row(new Task(pid, tid, ++instances, Task.State.LIVE, set(in), ProcessInfo.UNKNOWN));
  }

  /// A new process of which nothing can be read.
  void stranger(int pid) {
    row(new Task(pid, 0, ++instances, Task.State.DENIED, NamespaceSet.NONE, ProcessInfo.UNKNOWN));
  }

  void becomes(int pid, Task.State state) {
    Task task = rows.get(key(pid, 0));
    row(new Task(pid, 0, task.instance(), state, task.namespaces(), task.info()));
  }

  /// The process is in the initial namespaces but for these from now on.
  void move(int pid, Namespace... in) {
    Task task = rows.get(key(pid, 0));
    row(new Task(pid, 0, task.instance(), Task.State.LIVE, set(in), task.info()));
  }

  void exit(int pid) {
    rows.values().removeIf(task -> task.pid() == pid);
  }

  Snapshot look() {
    Snapshot look =
        new Snapshot(
            now(),
            List.copyOf(rows.values()),
            List.copyOf(namespaces),
            Map.of(initial(NamespaceType.NET).key(), List.of(new Holder.Descriptor(1, 3))),
            List.copyOf(ended),
            new LookReport(rows.size(), 1, 0, 0, rows.size(), 0));
    looks++;
    ended.clear();
    return look;
  }

  private Instant now() {
    return BEGAN.plusSeconds(looks);
  }

  private void row(Task task) {
    rows.put(key(task.pid(), task.tid()), task);
  }

  private static String key(int pid, int tid) {
    return String.format("%08d/%08d", pid, tid);
  }

  NamespaceSet set(Namespace... in) {
    Namespace[] links = new Namespace[NamespaceLink.COUNT];
    for (int link = 0; link < NamespaceLink.COUNT; link++) {
      links[link] = initial(NamespaceLink.at(link).type());
    }
    for (Namespace namespace : in) {
      links[namespace.type().ordinal()] = namespace;
    }
    return new NamespaceSet(links);
  }
}
