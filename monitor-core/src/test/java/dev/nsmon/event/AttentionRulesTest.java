package dev.nsmon.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.nsmon.event.NamespaceEvent.Created;
import dev.nsmon.event.NamespaceEvent.Destroyed;
import dev.nsmon.event.NamespaceEvent.Joined;
import dev.nsmon.event.NamespaceEvent.Left;
import dev.nsmon.event.NamespaceEvent.Place;
import dev.nsmon.event.NamespaceEvent.Sighting;
import dev.nsmon.namespace.Cause;
import dev.nsmon.namespace.Evidence;
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
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AttentionRulesTest {
  private static final Sighting SEEN = new Sighting(Instant.EPOCH, Optional.empty(), Source.PERF);
  private static final String A = "/docker/" + "a".repeat(64);
  private static final String B = "/docker/" + "b".repeat(64);

  private static final Optional<Cause> SETNS = Optional.of(Cause.SETNS);

  private final Namespace hostMnt = namespace(NamespaceType.MNT, 1, "");
  private final Namespace hostPid = namespace(NamespaceType.PID, 2, "");
  private final Namespace hostUser = namespace(NamespaceType.USER, 3, "");
  private final Namespace pidA = namespace(NamespaceType.PID, 10, hostPid.key());
  private final Namespace mntA = namespace(NamespaceType.MNT, 11, "");
  private final Namespace mntB = namespace(NamespaceType.MNT, 12, "");
  private final Namespace pidB = namespace(NamespaceType.PID, 13, hostPid.key());
  private final Namespace pidInA = namespace(NamespaceType.PID, 14, pidA.key());
  private final Namespace userA = namespace(NamespaceType.USER, 15, hostUser.key());
  private final AttentionRules rules = new AttentionRules(KnownGood.runtimes());

  @Test
  void theHostIsMarkedForWhoIsInAContainerByItsControlGroupOrItsWalls() {
    assertEquals("joined-host-mnt-namespace", move(A, "", mntA, hostMnt, hostPid));
    assertEquals("joined-host-mnt-namespace", move("", "", mntA, hostMnt, pidA));
    assertEquals("joined-host-mnt-namespace", move("", "", mntA, hostMnt, hostPid, userA));
    assertEquals("", move("", "", mntA, hostMnt, hostPid));
    assertEquals("", move("/system.slice/cron.service", "", mntA, hostMnt, hostPid));
  }

  @Test
  void whoHasLeftItsUserOrPidNamespaceWasInAContainer() {
    assertEquals("joined-host-user-namespace", move("", "", userA, hostUser, hostPid));
    assertEquals("joined-host-pid-namespace", move("", "", pidA, hostPid));
  }

  @Test
  void whatCauseMakesNoWayIsNotMarked() {
    for (Cause cause : List.of(Cause.FORK, Cause.UNSHARE)) {
      Joined joined = joined(A, "", Optional.of(cause), mntA, hostMnt, hostPid);
      assertEquals("", mark(joined), cause::toString);
    }
    Joined polled = joined(A, "", Optional.empty(), mntA, hostMnt, hostPid);
    assertEquals("joined-host-mnt-namespace", mark(polled));
  }

  @Test
  void anotherContainersNamespaceIsMarkedUntilItEnds() {
    live(B, mntB, pidB);
    assertEquals("joined-other-container-mnt-namespace", move(A, "", mntA, mntB, hostPid));
    assertEquals("", move(B, "", mntA, mntB, hostPid));
    Destroyed end =
        new Destroyed(SEEN, mntB, OptionalLong.empty(), Evidence.KERNEL_ID_GONE, Optional.empty());
    rules.mark(List.of(end));
    assertEquals("", move(A, "", mntA, mntB, hostPid));
  }

  @Test
  void containersOfNoRuntimeAreToldApartByTheirWalls() {
    live("", mntB, pidB);
    assertEquals("joined-other-container-mnt-namespace", move("", "", mntA, mntB, pidA));
  }

  @Test
  void theRuntimesNameOfAContainerCountsWhenItComesLate() {
    live("", mntB, pidB);
    live(B, mntB, pidB);
    assertEquals("", move(B, "", mntA, mntB, pidB));
    assertEquals("joined-other-container-mnt-namespace", move(A, "", mntA, mntB, hostPid));
  }

  @Test
  void whoEntersAContainerIsToldWithItUntilItLeaves() {
    live(B, mntB, pidB);
    String unit = "/system.slice/ssh.service";
    assertEquals(B, cgroup(joined(unit, "", SETNS, hostMnt, mntB, hostPid)));
    assertEquals(B, cgroup(joined("", "", SETNS, hostPid, pidB, hostMnt)));
    assertEquals(A, cgroup(joined(A, "", SETNS, hostMnt, mntB, hostPid)));
    assertEquals(unit, cgroup(joined(unit, "", SETNS, mntB, hostMnt, hostPid)));
    assertEquals(B, cgroup(new Left(SEEN, task(unit, "", mntB, hostPid), List.of(mntB))));
    Optional<Task> last = Optional.of(task("", "", mntB, hostPid));
    Evidence evidence = Evidence.KERNEL_ID_GONE;
    assertEquals(B, cgroup(new Destroyed(SEEN, mntB, OptionalLong.empty(), evidence, last)));
    assertEquals("", cgroup(joined("", "", SETNS, hostMnt, mntB, hostPid)));
  }

  @Test
  void whoLivesThereMayTurnOutLateToBeOfAContainer() {
    live("", mntB, pidB);
    assertEquals("", cgroup(joined("", "", SETNS, hostMnt, mntB, hostPid)));
    rules.learn(List.of(task(B, "", mntB, pidB)));
    assertEquals(B, cgroup(joined("", "", SETNS, hostMnt, mntB, hostPid)));
    assertEquals("joined-other-container-mnt-namespace", move(A, "", mntA, mntB, hostPid));
    assertEquals("", move(B, "", mntA, mntB, pidB));
  }

  @Test
  void whoEnteredFromTheHostComesFromTheHost() {
    live(B, mntB, pidB);
    assertEquals("", mark(joined("", "", SETNS, hostMnt, mntB, hostPid)));
    // It enters no container by having entered one: the way back is not marked either.
    assertEquals("", mark(joined("", "", Optional.of(Cause.UNSHARE), mntB, mntA, hostPid)));
  }

  @Test
  void whoseControlGroupIsNotKnownIsInTheContainerOfItsMountNamespace() {
    live(B, mntB, pidB);
    Namespace netB = namespace(NamespaceType.NET, 16, "");
    Namespace hostNet = namespace(NamespaceType.NET, 4, "");
    assertEquals("joined-host-mnt-namespace", move("", "", mntB, hostMnt, hostPid));
    assertEquals("joined-host-net-namespace", move("", "", netB, hostNet, hostPid, mntB));
    assertEquals("", move("", "", netB, hostNet, hostPid, hostMnt));
  }

  @Test
  void aVisitorDoesNotMakeItItsHome() {
    live(B, mntB, pidB);
    move(A, "", mntA, mntB, hostPid);
    assertEquals("joined-other-container-mnt-namespace", move(A, "", mntA, mntB, hostPid));
  }

  @Test
  void whatWasMadeWithinAContainerIsItsOwn() {
    rules.mark(List.of(created(pidA), created(pidInA)));
    live("", mntB, pidInA);
    assertEquals("", move("", "", mntA, mntB, pidA));
    // And the way back out is not.
    live("", mntA, pidA);
    assertEquals("joined-other-container-mnt-namespace", move("", "", mntB, mntA, pidInA));
  }

  @Test
  void aNamespaceThatItMadeIsItsOwnToAPollToo() {
    Joined joined = joined(A, "", Optional.empty(), mntA, mntB, hostPid);
    assertEquals("", mark(created(mntB), joined));
    assertEquals("joined-other-container-mnt-namespace", move(B, "", mntA, mntB, hostPid));
  }

  @Test
  void aKnownGoodProgramIsTrustedInTheHostsPidNamespaceOnly() {
    assertEquals("", move(A, "/usr/bin/runc", mntA, hostMnt, hostPid));
    assertEquals("", move(A, "/usr/bin/runc (deleted)", mntA, hostMnt, hostPid));
    assertEquals("joined-host-mnt-namespace", move(A, "/usr/bin/runc", mntA, hostMnt, pidA));
    assertEquals("joined-host-mnt-namespace", move(A, "/tmp/runc", mntA, hostMnt, hostPid));
    AttentionRules more = new AttentionRules(KnownGood.runtimes().and(Set.of("/opt/mine")));
    Joined mine = joined(A, "/opt/mine", Optional.of(Cause.SETNS), mntA, hostMnt, hostPid);
    assertEquals(List.of(mine), more.mark(List.of(mine)));
    more.trust(KnownGood.runtimes());
    assertEquals(1, ((Joined) more.mark(List.of(mine)).getFirst()).attention().size());
    AttentionRules none = new AttentionRules(KnownGood.NOBODY);
    Joined runc = joined(A, "/usr/bin/runc", Optional.of(Cause.SETNS), mntA, hostMnt, hostPid);
    assertEquals(1, ((Joined) none.mark(List.of(runc)).getFirst()).attention().size());
  }

  @Test
  void theStateOfAnEarlierRunIsLearnt() {
    Snapshot state =
        new Snapshot(
            Instant.EPOCH,
            List.of(task(B, "", mntB, pidB)),
            List.of(mntB, pidB),
            Map.of(),
            List.of(),
            new LookReport(1, 0, 0, 0, 0, 0));
    rules.learn(state);
    assertEquals("joined-other-container-mnt-namespace", move(A, "", mntA, mntB, hostPid));
  }

  @Test
  void whichContainerIsWithinAnotherIsLearntOfAnEarlierRun() {
    Snapshot state =
        new Snapshot(
            Instant.EPOCH,
            List.of(task("", "", mntB, pidInA)),
            List.of(pidA, mntB, pidInA),
            Map.of(),
            List.of(),
            new LookReport(1, 0, 0, 0, 0, 0));
    rules.learn(state);
    assertEquals("", move("", "", mntA, mntB, pidA));
    assertEquals("joined-other-container-mnt-namespace", move("", "", mntA, mntB, pidB));
  }

  @Test
  void whatAProcessesChildrenWillBeInIsNotItsHome() {
    Namespace[] links = new Namespace[NamespaceLink.COUNT];
    links[NamespaceType.PID.ordinal()] = pidA;
    links[NamespaceLink.PID_FOR_CHILDREN.ordinal()] = pidB;
    Task about = task(A, "", pidA);
    rules.learn(List.of(new Task(7, 0, 1, Task.State.LIVE, new NamespaceSet(links), about.info())));
    live(B, mntB, pidB);
    assertEquals("joined-other-container-pid-namespace", move(A, "", pidA, pidB));
  }

  @Test
  void whatDeservesNoneIsHandedOnAsItIs() {
    List<NamespaceEvent> events = List.of(created(mntA));
    assertSame(events, rules.mark(events));
  }

  @Test
  void eachKindIsReadBackAndHasItsSeverity() {
    for (Attention.Whose whose : Attention.Whose.values()) {
      for (NamespaceType type : NamespaceType.values()) {
        Attention one = new Attention(whose, type);
        assertEquals(one, Attention.of(one.toString()));
      }
    }
    Attention newer = Attention.of("left-a-sandbox");
    assertEquals("left-a-sandbox", newer.toString());
    assertEquals(Severity.MEDIUM, newer.severity());
    assertEquals(Optional.empty(), newer.technique());
    Joined joined = joined(A, "", Optional.of(Cause.SETNS), userA, hostUser, hostPid);
    assertEquals(Severity.CRITICAL, Severity.of(rules.mark(List.of(joined)).getFirst()));
    assertEquals(Severity.INFORMATIONAL, Severity.of(joined));
  }

  private void live(String cgroup, Namespace mnt, Namespace pid) {
    rules.mark(
        List.of(
            new Joined(
                SEEN,
                task(cgroup, "", mnt, pid),
                List.of(new Place(mnt, Optional.empty()), new Place(pid, Optional.empty())),
                Optional.of(Cause.FORK))));
  }

  private String move(
      String cgroup, String exe, Namespace from, Namespace to, Namespace... others) {
    return mark(joined(cgroup, exe, Optional.of(Cause.SETNS), from, to, others));
  }

  private static Joined joined(
      String cgroup,
      String exe,
      Optional<Cause> cause,
      Namespace from,
      Namespace to,
      Namespace... others) {
    List<Namespace> all = new ArrayList<>(List.of(others));
    all.add(to);
    Task task = task(cgroup, exe, all.toArray(Namespace[]::new));
    return new Joined(SEEN, task, List.of(new Place(to, Optional.of(from))), cause);
  }

  /// Of the process, as it is told.
  private String cgroup(NamespaceEvent event) {
    return rules.mark(List.of(event)).getLast().task().orElseThrow().info().cgroup();
  }

  private String mark(NamespaceEvent... events) {
    Joined last = (Joined) rules.mark(List.of(events)).getLast();
    return String.join(" ", last.attention().stream().map(Attention::toString).toList());
  }

  private static Created created(Namespace namespace) {
    return new Created(SEEN, namespace, Optional.empty(), List.of());
  }

  private static Task task(String cgroup, String exe, Namespace... in) {
    Namespace[] links = new Namespace[NamespaceLink.COUNT];
    for (Namespace one : in) {
      links[one.type().ordinal()] = one;
    }
    ProcessInfo info = new ProcessInfo(1, 1, "sh", exe, 0, List.of(), cgroup);
    return new Task(7, 0, 1, Task.State.LIVE, new NamespaceSet(links), info);
  }

  private static Namespace namespace(NamespaceType type, long number, String parent) {
    boolean initial = number < 10;
    String key = Namespace.keyOfId(type, number);
    return new Namespace(type, number, number, key, initial, parent, "", -1, Optional.empty());
  }
}
