package dev.nsmon.event;

import static dev.nsmon.namespace.NamespaceType.MNT;
import static dev.nsmon.namespace.NamespaceType.NET;
import static dev.nsmon.namespace.NamespaceType.PID;
import static dev.nsmon.namespace.NamespaceType.USER;
import static dev.nsmon.namespace.NamespaceType.UTS;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.nsmon.namespace.Namespace;
import dev.nsmon.namespace.Snapshot;
import dev.nsmon.namespace.Task;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What is told of each kind of change, in which order, and of what nothing is told.
class SnapshotDiffTest {
  private final Scene scene = new Scene();
  private Snapshot before = Snapshot.EMPTY;

  @BeforeEach
  void aHostWhereOneProcessLives() {
    scene.process(1);
    before = scene.look();
  }

  private void told(String... events) {
    told(new SnapshotDiff(false), events);
  }

  private void told(SnapshotDiff diff, String... events) {
    Snapshot after = scene.look();
    assertEquals(List.of(events), Told.of(diff.between(before, after)));
    before = after;
  }

  @Test
  void newNamespaceIsToldBeforeItsFirstMember() {
    Namespace net = scene.begin(NET);
    scene.process(7, net);
    scene.process(8, net);
    told("created net:1 by 7#2", "joined 7#2 net:1", "joined 8#3 net:1");
  }

  @Test
  void joinNamesAllNamespacesThatAreNotInitialInTheOrderOfTypes() {
    scene.process(7, scene.begin(UTS), scene.begin(MNT), scene.begin(NET));
    told(
        "created uts:1 by 7#2",
        "created mnt:2 by 7#2",
        "created net:3 by 7#2",
        "joined 7#2 mnt:2 net:3 uts:1");
  }

  @Test
  void moveTellsFromWhereOnlyForTheTypeThatMoved() {
    Namespace uts = scene.begin(UTS);
    Namespace net = scene.begin(NET);
    scene.process(7, uts, net);
    told("created uts:1 by 7#2", "created net:2 by 7#2", "joined 7#2 net:2 uts:1");
    Namespace other = scene.begin(NET);
    scene.move(7, uts, other);
    scene.end(net);
    told("created net:3 by 7#2", "joined 7#2 net:3<net:2 uts:1", "destroyed net:2");
  }

  @Test
  void moveOutOfAndBackIntoTheInitialNamespaceIsTold() {
    Namespace net = scene.begin(NET);
    scene.move(1, net);
    told("created net:1 by 1#1", "joined 1#1 net:1<net:init");
    scene.move(1);
    told("joined 1#1 net:init<net:1");
  }

  @Test
  void exitNamesWhereTheProcessWas() {
    Namespace net = scene.begin(NET);
    scene.process(7, net);
    told("created net:1 by 7#2", "joined 7#2 net:1");
    scene.exit(7);
    told("left 7#2 net:1");
    scene.end(net);
    told("destroyed net:1");
  }

  @Test
  void reusedPidIsTwoProcesses() {
    Namespace net = scene.begin(NET);
    scene.process(7, net);
    told("created net:1 by 7#2", "joined 7#2 net:1");
    scene.exit(7);
    scene.process(7, net);
    told("left 7#2 net:1", "joined 7#3 net:1");
  }

  @Test
  void endOfTheOldIsToldBeforeTheBeginningOfTheNewWithItsInode() {
    Namespace old = scene.begin(NET, 4_026_532_177L, "user:init");
    scene.process(7, old);
    told("created net:1 by 7#2", "joined 7#2 net:1");
    scene.exit(7);
    scene.end(old);
    Namespace other = scene.begin(NET);
    scene.process(8, other);
    scene.process(9, scene.begin(NET, 4_026_532_177L, "user:init"));
    told(
        "left 7#2 net:1",
        "created net:2 by 8#3",
        "joined 8#3 net:2",
        "destroyed net:1",
        "created net:3 by 9#4",
        "joined 9#4 net:3");
  }

  @Test
  void whatBelongsToNamespaceWithReusedInodeWaitsForItsOwner() {
    Namespace old = scene.begin(USER, 4_026_532_177L, "user:init");
    told("created user:1");
    scene.end(old);
    Namespace user = scene.begin(USER, 4_026_532_177L, "user:init");
    scene.process(7, user, scene.begin(NET, 4_026_532_900L, user.key()));
    told(
        "destroyed user:1",
        "created user:2 by 7#2",
        "created net:3 by 7#2",
        "joined 7#2 net:3 user:2");
  }

  @Test
  void ownersAndParentsAreCreatedFirstAndDestroyedLast() {
    Namespace user = scene.begin(USER, 4_026_532_200L, "user:init");
    Namespace pid = scene.begin(PID, 4_026_532_201L, user.key());
    Namespace inner = scene.begin(PID, 4_026_532_202L, pid.key());
    told("created user:1", "created pid:2", "created pid:3");
    scene.end(user);
    scene.end(pid);
    scene.end(inner);
    told("destroyed pid:3", "destroyed pid:2", "destroyed user:1");
  }

  @Test
  void threadBeginsWhereItsProcessIs() {
    Namespace net = scene.begin(NET);
    Namespace uts = scene.begin(UTS);
    scene.process(7, uts);
    scene.thread(7, 70, uts, net);
    told(
        "created net:1 by 7/70#3",
        "created uts:2 by 7#2",
        "joined 7#2 uts:2",
        "joined 7/70#3 net:1<net:init uts:2");
    scene.exit(7);
    told("left 7#2 uts:2", "left 7/70#3 net:1 uts:2");
  }

  @Test
  void threadThatStaysWhereItsProcessWasIsToldThere() {
    Namespace net = scene.begin(NET);
    Namespace other = scene.begin(NET);
    scene.process(7, net);
    told("created net:1 by 7#2", "created net:2", "joined 7#2 net:1");
    scene.move(7, other);
    scene.thread(7, 70, net);
    told("joined 7#2 net:2<net:1", "joined 7/70#3 net:1");
  }

  @Test
  void threadWithoutItsProcessInViewIsFromNowhere() {
    scene.thread(7, 70, scene.begin(NET));
    told("created net:1 by 7/70#2", "joined 7/70#2 net:1");
  }

  @Test
  void processThatMerelyLivesInTheInitialNamespacesIsNoNews() {
    scene.process(7);
    told();
    scene.exit(7);
    told();
  }

  @Test
  void initialNamespacesAreToldWhereAskedFor() {
    scene.process(7);
    String all = " cgroup:init ipc:init mnt:init net:init pid:init time:init user:init uts:init";
    told(new SnapshotDiff(true), "joined 7#2" + all);
    scene.exit(7);
    told(new SnapshotDiff(true), "left 7#2" + all);
  }

  @Test
  void zombieIsWhereItWasUntilItsPidIsGone() {
    scene.process(7, scene.begin(NET));
    told("created net:1 by 7#2", "joined 7#2 net:1");
    scene.becomes(7, Task.State.ZOMBIE);
    told();
    scene.exit(7);
    told("left 7#2 net:1");
  }

  @Test
  void processThatIsRefusedIsWhereItWas() {
    scene.stranger(6);
    scene.process(7, scene.begin(NET));
    told("created net:1 by 7#3", "joined 7#3 net:1");
    scene.becomes(7, Task.State.DENIED);
    told();
    scene.becomes(7, Task.State.LIVE);
    scene.exit(6);
    told();
  }

  @Test
  void strangerThatCanBeReadAtLastHasJoinedFromNowhere() {
    scene.stranger(6);
    told();
    scene.move(6, scene.begin(NET));
    told("created net:1 by 6#2", "joined 6#2 net:1");
  }
}
