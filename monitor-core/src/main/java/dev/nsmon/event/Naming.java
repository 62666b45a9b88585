package dev.nsmon.event;

import dev.nsmon.container.Container;
import dev.nsmon.namespace.ContainerName;
import dev.nsmon.namespace.Snapshot;
import dev.nsmon.namespace.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// Adds the names of containers, as the runtimes know them, to events and snapshots. Any thread.
public final class Naming {
  /// An instance that adds nothing.
  public static final Naming NONE = new Naming(_ -> ContainerName.NONE);

  private final Function<Container, ContainerName> names;

  /// @param names returns a container's name, or [ContainerName#NONE] if it is not known yet; must
  ///   not block
  public Naming(Function<Container, ContainerName> names) {
    this.names = names;
  }

  /// Returns the events with the known names of containers.
  public List<NamespaceEvent> events(List<NamespaceEvent> events) {
    if (this == NONE) {
      return events;
    }
    List<NamespaceEvent> named = new ArrayList<>(events.size());
    for (NamespaceEvent event : events) {
      named.add(event.task().map(task -> event(event, task)).orElse(event));
    }
    return named;
  }

  private NamespaceEvent event(NamespaceEvent event, Task task) {
    Task named = task(task);
    return named == task ? event : event.with(named);
  }

  /// Returns the snapshot with the known names of containers.
  public Snapshot state(Snapshot state) {
    return this == NONE
        ? state
        : new Snapshot(
            state.time(),
            state.tasks().stream().map(this::task).toList(),
            state.namespaces(),
            state.holders(),
            state.ended(),
            state.report());
  }

  private Task task(Task task) {
    if (task.info().cgroup().isEmpty()) {
      return task;
    }
    Container container = Container.ofCgroup(task.info().cgroup());
    ContainerName name = container.id().isEmpty() ? ContainerName.NONE : names.apply(container);
    return name.equals(task.info().called()) ? task : task.with(task.info().inContainer(name));
  }
}
