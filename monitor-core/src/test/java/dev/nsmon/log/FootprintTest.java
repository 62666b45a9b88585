package dev.nsmon.log;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
import dev.nsmon.namespace.ContainerName;
import dev.nsmon.namespace.Evidence;
import dev.nsmon.namespace.Holder;
import dev.nsmon.namespace.Namespace;
import dev.nsmon.namespace.NamespaceSet;
import dev.nsmon.namespace.NamespaceType;
import dev.nsmon.namespace.ProcessInfo;
import dev.nsmon.namespace.Task;
import dev.nsmon.namespace.Task.State;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The estimate of heap counts all that can make an event large: what a process chooses the length
/// of, and what there can be many of. Each part counts by itself, so that a thousand of it count a
/// thousand times; it is not below what the JVM needs for it (a character may take two bytes).
class FootprintTest {
  private static final Sighting SEEN = new Sighting(Numbered.NOW, Optional.empty(), Source.POLL);
  private static final Namespace NET =
      new Namespace(
          NamespaceType.NET, 4_026_532_177L, 8, "net:8", false, "", "", -1, Optional.empty());
  private static final Task TASK = task("", "", "", ContainerName.NONE, 0);

  @Test
  void eachTextOfAProcessCounts() {
    String text = "x".repeat(1000);
    assertAll(
        () -> grows(2000, task(text, "", "", ContainerName.NONE, 0)),
        () -> grows(2000, task("", text, "", ContainerName.NONE, 0)),
        () -> grows(2000, task("", "", text, ContainerName.NONE, 0)),
        () -> grows(2000, task("", "", "", new ContainerName(text, ""), 0)),
        () -> grows(2000, task("", "", "", new ContainerName("", text), 0)),
        () -> grows(10_000, task(text, text, text, new ContainerName(text, text), 0)));
  }

  @Test
  void eachPidOfAProcessCounts() {
    // An Integer and its reference.
    grows(20 * 32, task("", "", "", ContainerName.NONE, 32));
  }

  private static void grows(long by, Task task) {
    long more = Footprint.of(left(task)) - Footprint.of(left(TASK));
    assertTrue(more >= by && more <= 2 * by, () -> more + " and not some " + by);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 8, 1000})
  void eachHolderAndNamespaceCounts(int many) {
    List<Holder> holders = Collections.nCopies(many, new Holder.Descriptor(1, 3));
    List<Namespace> namespaces = Collections.nCopies(many, NET);
    List<Place> places = Collections.nCopies(many, new Place(NET, Optional.empty()));
    long created = Footprint.of(new Created(SEEN, NET, Optional.empty(), holders));
    long joined = Footprint.of(new Joined(SEEN, TASK, places, Optional.empty()));
    long left = Footprint.of(new Left(SEEN, TASK, namespaces));
    assertAll(
        () -> assertRange(40, 160, (created - Footprint.of(created(Optional.empty()))) / many),
        () -> assertRange(100, 500, (joined - Footprint.of(joined())) / many),
        () -> assertRange(80, 500, (left - Footprint.of(left(TASK))) / many));
  }

  @Test
  void processOfANamespaceCountsAsThatOfAJoin() {
    long process =
        Footprint.of(created(Optional.of(TASK))) - Footprint.of(created(Optional.empty()));
    assertRange(100, 500, process);
    assertEquals(
        process,
        Footprint.of(destroyed(Optional.of(TASK))) - Footprint.of(destroyed(Optional.empty())));
    assertTrue(Footprint.of(joined()) > process);
    assertTrue(Footprint.of(left(TASK)) > process);
  }

  @Test
  void noEventIsFree() {
    List<NamespaceEvent> events =
        List.of(
            created(Optional.empty()),
            joined(),
            left(TASK),
            destroyed(Optional.empty()),
            new Synced(SEEN, Map.of(), 1, 0),
            new EventsLost(
                SEEN,
                EventsLost.Where.LOG,
                OptionalLong.of(1),
                OptionalLong.of(2),
                OptionalLong.of(2)));
    for (NamespaceEvent event : events) {
      assertRange(100, 1000, Footprint.of(event));
    }
  }

  private static void assertRange(long least, long most, long bytes) {
    assertTrue(least <= bytes && bytes <= most, () -> bytes + " bytes");
  }

  private static Created created(Optional<Task> process) {
    return new Created(SEEN, NET, process, List.of());
  }

  private static Joined joined() {
    return new Joined(SEEN, TASK, List.of(), Optional.empty());
  }

  private static Left left(Task task) {
    return new Left(SEEN, task, List.of());
  }

  private static Destroyed destroyed(Optional<Task> process) {
    return new Destroyed(SEEN, NET, OptionalLong.empty(), Evidence.NO_HOLDER, process);
  }

  private static Task task(
      String comm, String exe, String cgroup, ContainerName called, int nestedPids) {
    List<Integer> pids = IntStream.rangeClosed(1, nestedPids).boxed().toList();
    ProcessInfo info = new ProcessInfo(1, 1, comm, exe, 0, pids, cgroup, called);
    return new Task(7, 0, 1, State.LIVE, NamespaceSet.NONE, info);
  }
}
