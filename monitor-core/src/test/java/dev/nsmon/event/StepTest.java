package dev.nsmon.event;

import static dev.nsmon.namespace.NamespaceType.NET;
import static dev.nsmon.namespace.NamespaceType.PID;
import static dev.nsmon.namespace.NamespaceType.UTS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nsmon.event.NamespaceEvent.Created;
import dev.nsmon.event.NamespaceEvent.Joined;
import dev.nsmon.event.NamespaceEvent.Sighting;
import dev.nsmon.namespace.Cause;
import dev.nsmon.namespace.Ended;
import dev.nsmon.namespace.Evidence;
import dev.nsmon.namespace.Holder;
import dev.nsmon.namespace.Namespace;
import dev.nsmon.namespace.NamespaceLink;
import dev.nsmon.namespace.NamespaceSet;
import dev.nsmon.namespace.ProcessInfo;
import dev.nsmon.namespace.Step;
import dev.nsmon.namespace.Task;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What one step tells: how much is known of when and why, and in which order.
class StepTest {
  private static final Instant LOOKED = Scene.BEGAN;
  private static final Instant SEEN = Scene.BEGAN.plusSeconds(1);

  private final Scene scene = new Scene();
  private final SnapshotDiff diff = new SnapshotDiff(false);

  private Task task(int pid, int tid, Namespace... in) {
    return new Task(pid, tid, 9, Task.State.LIVE, scene.set(in), ProcessInfo.UNKNOWN);
  }

  private static Step step(
      Optional<Instant> notBefore,
      List<Task> before,
      List<Task> after,
      List<Namespace> created,
      List<Ended> ended,
      Optional<Cause> cause) {
    return Step.of(notBefore, SEEN, before, after, created, Map.of(), ended, cause);
  }

  private List<String> told(Step step) {
    return Told.of(diff.step(step, Source.PERF));
  }

  @Test
  void timeOfTheKernelIsExact() {
    Namespace net = scene.begin(NET);
    Step step =
        step(
            Optional.empty(),
            List.of(),
            List.of(task(7, 0, net)),
            List.of(net),
            List.of(),
            Optional.of(Cause.FORK));
    assertTrue(step.exact());
    List<NamespaceEvent> events = diff.step(step, Source.PROC_CONNECTOR);
    assertEquals(List.of("created net:1 by 7#9", "joined 7#9 net:1"), Told.of(events));
    Sighting sighting = new Sighting(SEEN, Optional.empty(), Source.PROC_CONNECTOR);
    assertEquals(sighting, events.getFirst().sighting());
    assertEquals(sighting, events.getLast().sighting());
  }

  @Test
  void timeOfALookIsBetweenItAndTheOneBefore() {
    Step step =
        step(
            Optional.of(LOOKED),
            List.of(task(7, 0, scene.begin(NET))),
            List.of(),
            List.of(),
            List.of(),
            Optional.empty());
    assertFalse(step.exact());
    assertEquals(
        new Sighting(SEEN, Optional.of(LOOKED), Source.POLL),
        diff.step(step, Source.POLL).getFirst().sighting());
  }

  @Test
  void causeIsThatOfTheJoin() {
    Namespace net = scene.begin(NET);
    for (Optional<Cause> cause :
        List.of(Optional.of(Cause.SETNS), Optional.of(Cause.UNSHARE), Optional.<Cause>empty())) {
      Step step =
          step(
              Optional.empty(),
              List.of(task(7, 0)),
              List.of(task(7, 0, net)),
              List.of(),
              List.of(),
              cause);
      Joined joined = (Joined) diff.step(step, Source.PERF).getFirst();
      assertEquals(cause, joined.cause());
    }
  }

  @Test
  void joinThatALookFindsHasNoCause() {
    scene.process(7, scene.begin(NET));
    List<Optional<Cause>> causes =
        diff.baseline(scene.look()).stream()
            .filter(Joined.class::isInstance)
            .map(event -> ((Joined) event).cause())
            .toList();
    assertEquals(List.of(Optional.empty()), causes);
  }

  @Test
  void endOfTheOldIsToldBeforeTheBeginningOfTheNewWithItsInode() {
    Namespace old = scene.begin(NET, 100, "");
    Namespace next = scene.begin(UTS, 100, "");
    Task before = task(7, 0);
    Task after = task(7, 0, next);
    Ended end = new Ended(old, Evidence.INODE_REUSED, Optional.of(task(6, 0, old)));
    assertEquals(
        List.of("destroyed net:1 by 6#9", "created uts:2 by 7#9", "joined 7#9 uts:2<uts:init"),
        told(
            step(
                Optional.empty(),
                List.of(before),
                List.of(after),
                List.of(next),
                List.of(end),
                Optional.of(Cause.UNSHARE))));
  }

  @Test
  void endThatHasNothingToDoWithWhatBeganComesLast() {
    Namespace old = scene.begin(NET);
    Namespace next = scene.begin(UTS);
    Ended end = new Ended(old, Evidence.KERNEL_ID_GONE, Optional.empty());
    assertEquals(
        List.of("created uts:2 by 7#9", "joined 7#9 uts:2<uts:init", "destroyed net:1"),
        told(
            step(
                Optional.empty(),
                List.of(task(7, 0)),
                List.of(task(7, 0, next)),
                List.of(next),
                List.of(end),
                Optional.of(Cause.UNSHARE))));
  }

  @Test
  void namespaceThatOnlyAHolderShowsIsToldWithIt() {
    Namespace net = scene.begin(NET);
    Holder holder = new Holder.StrayThread(7, 70);
    Step step =
        Step.of(
            Optional.empty(),
            SEEN,
            List.of(),
            List.of(),
            List.of(net),
            Map.of(net.key(), List.of(holder)),
            List.of(),
            Optional.empty());
    List<NamespaceEvent> events = diff.step(step, Source.PERF);
    assertEquals(List.of("created net:1"), Told.of(events));
    assertEquals(List.of(holder), ((Created) events.getFirst()).holders());
  }

  @Test
  void namespaceForChildrenHasNoMemberBeforeTheFirst() {
    Namespace pid = scene.begin(PID);
    Namespace[] links = new Namespace[NamespaceLink.COUNT];
    for (int link = 0; link < NamespaceLink.COUNT; link++) {
      links[link] = scene.set().get(link);
    }
    links[NamespaceLink.PID_FOR_CHILDREN.ordinal()] = pid;
    NamespaceSet set = new NamespaceSet(links);
    Task after = new Task(7, 0, 9, Task.State.LIVE, set, ProcessInfo.UNKNOWN);
    assertEquals(
        List.of("created pid:1"),
        told(
            step(
                Optional.empty(),
                List.of(task(7, 0)),
                List.of(after),
                List.of(pid),
                List.of(),
                Optional.of(Cause.UNSHARE))));
  }

  @Test
  void threadHasMovedFromWhereItsProcessIs() {
    Namespace net = scene.begin(NET);
    Task leader = task(7, 0, net);
    Step step =
        step(
            Optional.empty(),
            List.of(leader),
            List.of(leader, task(7, 70)),
            List.of(),
            List.of(),
            Optional.of(Cause.SETNS));
    assertEquals(List.of("joined 7/70#9 net:init<net:1"), told(step));
  }

  @Test
  void whatIsTheSameSaysNothing() {
    Task row = task(7, 0, scene.begin(NET));
    Task again =
        new Task(7, 0, 9, row.state(), row.namespaces(), ProcessInfo.UNKNOWN.executed("x"));
    for (List<Task> after : List.of(List.of(row), List.of(again))) {
      assertEquals(
          List.of(),
          told(
              step(
                  Optional.empty(),
                  List.of(row),
                  after,
                  List.of(),
                  List.of(),
                  Optional.of(Cause.SETNS))));
    }
  }
}
