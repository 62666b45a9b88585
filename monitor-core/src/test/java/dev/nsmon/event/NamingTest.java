package dev.nsmon.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.nsmon.event.NamespaceEvent.EventsLost;
import dev.nsmon.event.NamespaceEvent.Left;
import dev.nsmon.event.NamespaceEvent.Sighting;
import dev.nsmon.namespace.ContainerName;
import dev.nsmon.namespace.Holder;
import dev.nsmon.namespace.LookReport;
import dev.nsmon.namespace.NamespaceSet;
import dev.nsmon.namespace.ProcessInfo;
import dev.nsmon.namespace.Snapshot;
import dev.nsmon.namespace.Task;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/// A container has the name that its runtime gives it, wherever a process of it is told of.
class NamingTest {
  private static final Sighting SEEN = new Sighting(Instant.EPOCH, Optional.empty(), Source.PERF);
  private static final String WEB = "/docker/" + "a".repeat(64);
  private static final ContainerName NAME = new ContainerName("web", "nginx:1.29");

  private final List<String> asked = new ArrayList<>();
  private final Naming naming =
      new Naming(
          container -> {
            asked.add(container.id());
            return container.id().startsWith("a") ? NAME : ContainerName.NONE;
          });

  private static Task task(String cgroup) {
    ProcessInfo info = ProcessInfo.UNKNOWN.withCgroup(cgroup);
    return new Task(7, 0, 1, Task.State.LIVE, NamespaceSet.NONE, info);
  }

  private static Left left(Task task) {
    return new Left(SEEN, task, List.of());
  }

  private static ContainerName called(NamespaceEvent event) {
    return event.task().orElseThrow().info().called();
  }

  @Test
  void onlyWhoIsInAContainerIsAskedFor() {
    List<NamespaceEvent> events =
        List.of(left(task(WEB)), left(task("/system.slice/a.service")), left(task("")));
    List<NamespaceEvent> named = naming.events(events);
    assertEquals(NAME, called(named.get(0)));
    assertSame(events.get(1), named.get(1));
    assertSame(events.get(2), named.get(2));
    assertEquals(List.of("a".repeat(64)), asked);
  }

  @Test
  void whatIsNamedAlreadyOrIsAboutNoProcessStaysTheSame() {
    NamespaceEvent named = left(task(WEB).with(task(WEB).info().inContainer(NAME)));
    NamespaceEvent lost =
        new EventsLost(
            SEEN,
            EventsLost.Where.KERNEL,
            OptionalLong.empty(),
            OptionalLong.empty(),
            OptionalLong.empty());
    List<NamespaceEvent> events = naming.events(List.of(named, lost));
    assertSame(named, events.get(0));
    assertSame(lost, events.get(1));
  }

  @Test
  void aNameThatIsKnownNoMoreIsTakenBack() {
    Task other = task("/docker/" + "b".repeat(64));
    NamespaceEvent named = left(other.with(other.info().inContainer(NAME)));
    assertEquals(ContainerName.NONE, called(naming.events(List.of(named)).getFirst()));
  }

  @Test
  void aStateIsNamedTaskByTask() {
    Snapshot state =
        new Snapshot(
            Instant.EPOCH.plusSeconds(1),
            List.of(task(WEB), task("")),
            List.of(),
            Map.of("net:1", List.of(new Holder.ForChildren(3))),
            List.of(),
            new LookReport(2, 0, 0, 0, 2, 0));
    Snapshot named = naming.state(state);
    assertEquals(NAME, named.tasks().getFirst().info().called());
    assertSame(state.tasks().getLast(), named.tasks().getLast());
    assertEquals(state.time(), named.time());
    assertEquals(state.holders(), named.holders());
    assertEquals(state.report(), named.report());
  }

  @Test
  void whereNobodyKnowsNamesNothingIsCopied() {
    List<NamespaceEvent> events = List.of(left(task(WEB)));
    assertSame(events, Naming.NONE.events(events));
    assertNotSame(events, naming.events(events));
    assertSame(Snapshot.EMPTY, Naming.NONE.state(Snapshot.EMPTY));
  }
}
