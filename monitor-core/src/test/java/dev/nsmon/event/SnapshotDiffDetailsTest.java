package dev.nsmon.event;

import static dev.nsmon.namespace.NamespaceType.NET;
import static dev.nsmon.namespace.NamespaceType.UTS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.nsmon.event.NamespaceEvent.Created;
import dev.nsmon.event.NamespaceEvent.Destroyed;
import dev.nsmon.event.NamespaceEvent.Sighting;
import dev.nsmon.event.NamespaceEvent.Synced;
import dev.nsmon.namespace.Evidence;
import dev.nsmon.namespace.Holder;
import dev.nsmon.namespace.Namespace;
import dev.nsmon.namespace.NamespaceType;
import dev.nsmon.namespace.Snapshot;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/// What the events carry besides their names, and what the baseline tells.
class SnapshotDiffDetailsTest {
  private final SnapshotDiff diff = new SnapshotDiff(false);
  private final Scene scene = new Scene();

  @Test
  void baselineTellsAllNamespacesThenMembersThenCounts() {
    scene.process(1);
    scene.process(7, scene.begin(NET));
    List<NamespaceEvent> events = diff.baseline(scene.look());

    List<String> told = new ArrayList<>();
    for (NamespaceType type : NamespaceType.values()) {
      told.add("created " + type + ":init");
    }
    told.addAll(List.of("created net:1 by 7#2", "joined 7#2 net:1", "synced 2"));
    assertEquals(told, Told.of(events));
    for (NamespaceEvent event : events) {
      assertEquals(new Sighting(Scene.BEGAN, Optional.empty(), Source.BASELINE), event.sighting());
    }
  }

  @Test
  void syncedCountsNamespacesByTypeAndWhatCouldNotBeRead() {
    scene.begin(NET);
    scene.begin(NET);
    scene.begin(UTS);
    scene.process(1);
    Synced synced = assertInstanceOf(Synced.class, diff.baseline(scene.look()).getLast());
    assertEquals(3, synced.namespaces().get(NET));
    assertEquals(2, synced.namespaces().get(UTS));
    assertEquals(1, synced.namespaces().get(NamespaceType.TIME));
    assertEquals(1, synced.processes());
    assertEquals(1, synced.unreadable());
  }

  @Test
  void baselineOfTheInitialNamespacesAloneTellsNoProcess() {
    scene.process(1);
    assertEquals(8 + 1, diff.baseline(scene.look()).size());
    assertEquals(8 + 1 + 1, new SnapshotDiff(true).baseline(scene.look()).size());
  }

  @Test
  void stateThatIsToldEndsWithItsCounts() {
    scene.begin(NET);
    scene.process(1);
    Snapshot look = scene.look();
    Synced synced = SnapshotDiff.synced(look);
    assertEquals(new Sighting(Scene.BEGAN, Optional.empty(), Source.BASELINE), synced.sighting());
    assertEquals(2, synced.namespaces().get(NET));
  }

  @Test
  void restartIsALongTimeBetweenTwoLooks() {
    Namespace old = scene.begin(NET);
    scene.process(7, old);
    Snapshot last = scene.look();
    scene.exit(7);
    scene.end(old);
    scene.process(8, scene.begin(UTS));
    List<NamespaceEvent> events = diff.resumed(last, scene.look());
    assertEquals(
        List.of(
            "left 7#1 net:1",
            "created uts:2 by 8#2",
            "joined 8#2 uts:2",
            "destroyed net:1",
            "synced 1"),
        Told.of(events));
    for (NamespaceEvent event : events) {
      assertEquals(
          new Sighting(Scene.BEGAN.plusSeconds(1), Optional.of(Scene.BEGAN), Source.POLL),
          event.sighting());
    }
  }

  @Test
  void rebootEndsAllThatThereWasInItsBoot() {
    Namespace net = scene.begin(NET);
    scene.process(7, net);
    Snapshot last = scene.look();
    Instant noticed = Scene.BEGAN.plusSeconds(60);
    List<NamespaceEvent> events = diff.rebooted(last, "b-0", noticed);
    List<String> told = new ArrayList<>(List.of("left 7#1 net:1"));
    last.namespaces().reversed().forEach(one -> told.add("destroyed " + one.key()));
    assertEquals(told, Told.of(events));
    assertEquals("destroyed net:1", told.get(1));
    for (NamespaceEvent event : events) {
      assertEquals(
          new Sighting(noticed, Optional.of(Scene.BEGAN), Source.BASELINE, Optional.of("b-0")),
          event.sighting());
    }
    assertEquals(Evidence.REBOOT, ((Destroyed) events.getLast()).evidence());
  }

  @Test
  void changeLiesBetweenTheTwoLooks() {
    Snapshot before = scene.look();
    scene.process(7, scene.begin(NET));
    Sighting sighting =
        new Sighting(Scene.BEGAN.plusSeconds(1), Optional.of(Scene.BEGAN), Source.POLL);
    for (NamespaceEvent event : diff.between(before, scene.look())) {
      assertEquals(sighting, event.sighting());
    }
  }

  @Test
  void lifetimeIsThatBetweenTheLooksThatShowedBeginningAndEnd() {
    Snapshot first = scene.look();
    Namespace net = scene.begin(NET);
    Snapshot second = scene.look();
    Snapshot third = scene.look();
    assertEquals(List.of("created net:1"), Told.of(diff.between(first, second)));
    scene.end(net);
    assertEquals(
        OptionalLong.of(2000), destroyed(diff.between(third, scene.look())).lifetimeMillis());
  }

  @Test
  void namespaceOlderThanTheMonitorHasNoLifetime() {
    Namespace net = scene.begin(NET);
    Snapshot first = scene.look();
    scene.end(net);
    Destroyed destroyed = destroyed(diff.between(first, scene.look()));
    assertEquals(OptionalLong.empty(), destroyed.lifetimeMillis());
    assertEquals(Evidence.KERNEL_ID_GONE, destroyed.evidence());
  }

  @Test
  void createdNamesWhatHoldsIt() {
    Snapshot first = scene.look();
    for (NamespaceEvent event : diff.baseline(first)) {
      if (event instanceof Created created) {
        assertEquals(
            created.namespace().type() == NET ? List.of(new Holder.Descriptor(1, 3)) : List.of(),
            created.holders());
      }
    }
  }

  private static Destroyed destroyed(List<NamespaceEvent> events) {
    assertEquals(1, events.size(), events::toString);
    return assertInstanceOf(Destroyed.class, events.getFirst());
  }
}
