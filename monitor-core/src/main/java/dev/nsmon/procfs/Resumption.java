package dev.nsmon.procfs;

import dev.nsmon.namespace.Namespace;
import dev.nsmon.namespace.NamespaceLink;
import dev.nsmon.namespace.Snapshot;
import dev.nsmon.namespace.Task;
import dev.nsmon.proc.Stat;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Joins the last state of an earlier run to the first look of this one. A process is the same if
/// it has the same pid and began in the same tick; instances, which tell processes apart while the
/// scanner runs, are not kept from run to run.
final class Resumption {
  private final Scan scan;

  Resumption(Scan scan) {
    this.scan = scan;
  }

  /// Before the first look.
  void begin(Snapshot earlier, int generation) {
    Map<String, Task> lastMembers = new HashMap<>();
    Set<String> shown = new HashSet<>();
    for (Task task : earlier.tasks()) {
      for (int link = 0; link < NamespaceLink.MEMBERSHIPS; link++) {
        if (task.namespaces().knows(link)) {
          Namespace namespace = task.namespaces().get(link);
          lastMembers.put(namespace.key(), task);
          if (namespace.id() < 0 && isStillIn(task, link)) {
            shown.add(namespace.key());
          }
        }
      }
    }
    scan.table.resume(earlier.namespaces(), generation, lastMembers, shown, scan.proc.bootTicks());
  }

  /// Whether this very process is where it was, as far as an inode tells.
  private boolean isStillIn(Task task, int link) {
    int directory = task.info().startTicks() < 0 ? -1 : scan.proc.openProcess(task.pid());
    if (directory < 0) {
      return false;
    }
    try {
      return scan.reader.stat(directory).map(Stat::startTicks).orElse(-1L)
              == task.info().startTicks()
          && scan.reader.links().read(directory) == 0
          && scan.reader.links().inodes()[link] == task.namespaces().inode(link);
    } finally {
      scan.proc.libc().close(directory);
    }
  }

  /// After it.
  Snapshot end(Snapshot earlier) {
    List<Task> tasks = new ArrayList<>(earlier.tasks().size());
    // No process of this run has an instance below zero.
    long gone = 0;
    long instance = 0;
    for (Task task : earlier.tasks()) {
      if (task.tid() == 0) {
        instance = isStillThere(task) ? scan.slots.find(task.pid()).task.instance() : --gone;
      }
      tasks.add(
          new Task(task.pid(), task.tid(), instance, task.state(), task.namespaces(), task.info()));
    }
    return new Snapshot(
        earlier.time(),
        tasks,
        earlier.namespaces(),
        earlier.holders(),
        List.of(),
        earlier.report());
  }

  private boolean isStillThere(Task task) {
    Slot slot = scan.slots.find(task.pid());
    if (slot == null || task.info().startTicks() < 0) {
      return false;
    }
    return startTicks(slot) == task.info().startTicks();
  }

  /// The look reads it only of those that it tells of; -1 if the process is gone by now.
  private long startTicks(Slot slot) {
    if (slot.startTicks >= 0) {
      return slot.startTicks;
    }
    int directory = scan.proc.openProcess(slot.pid);
    if (directory < 0) {
      return -1;
    }
    try {
      return scan.reader.stat(directory).map(Stat::startTicks).orElse(-1L);
    } finally {
      scan.proc.libc().close(directory);
    }
  }
}
