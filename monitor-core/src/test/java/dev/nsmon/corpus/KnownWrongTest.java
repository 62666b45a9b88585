package dev.nsmon.corpus;

import static dev.nsmon.corpus.KernelKind.ACTIVE_IDS;
import static dev.nsmon.corpus.KernelKind.IDS;
import static dev.nsmon.corpus.KernelKind.NO_IDS;
import static dev.nsmon.namespace.NamespaceType.MNT;
import static dev.nsmon.namespace.NamespaceType.NET;
import static dev.nsmon.namespace.NamespaceType.PID;
import static dev.nsmon.namespace.NamespaceType.TIME;
import static dev.nsmon.namespace.NamespaceType.USER;
import static dev.nsmon.namespace.NamespaceType.UTS;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.nsmon.event.NamespaceEvent.Destroyed;
import dev.nsmon.namespace.Snapshot;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/// What is right and the product fails: the list to be shortened.
class KnownWrongTest extends Scenario {

  @Test
  @KnownWrong(
      on = NO_IDS,
      because = "a search ends only what has no children that it has not ended before")
  void oneSearchEndsAllThatEndedTogether() throws IOException {
    host.fork(1, 42, PID);
    host.fork(42, 43, PID);
    host.fork(43, 44, PID);
    begin();
    host.exit(42);
    deliver();
    settle();
    search();
    assertEquals(3, told().stream().filter(line -> line.startsWith("destroyed")).count());
    isTrue();
  }

  /// Of five nested pid namespaces that are over the inodes are used again at once.
  @Test
  @KnownWrong(
      on = NO_IDS,
      because = "children that are dead themselves are taken for proof of life (LTP pidns05)")
  void inodeOfAParentWhoseChildrenEndedWithItIsUsedAgain() throws IOException {
    begin();
    host.fork(1, 42, PID);
    host.fork(42, 43, PID);
    deliver();
    host.exit(42);
    host.reuse("pid1");
    host.fork(1, 44, PID);
    deliver();
    rest();
    assertEquals(3, told().stream().filter(line -> line.startsWith("created")).count());
    isTrue();
  }

  @Test
  @KnownWrong(
      on = {IDS, ACTIVE_IDS},
      because =
          "a namespace that is gone by now is taken to have been gone at the record, although a"
              + " later record of the batch shows its last member leave")
  void memberThatLeavesMuchLaterWasThere() throws IOException {
    host.fork(1, 42, NET);
    host.fork(1, 43);
    begin();
    host.setns(43, "net1");
    host.exit(43);
    advance(Duration.ofMillis(10));
    host.setns(42, "net:init");
    deliver();
    rest();
    tells(
        "joined 43 net1<net:init by setns",
        "left 43 net1",
        "joined 42 net:init<net1 by setns",
        "destroyed net1 gone last 42");
  }

  @Test
  @KnownWrong(
      on = NO_IDS,
      because = "an inode is taken to be used again although a comparison has seen who is in it")
  void recordThatIsLateNamesWhatItsProcessWasSeenIn() throws IOException {
    host.fork(1, 42, NET);
    host.fork(1, 43);
    begin();
    Runnable record = host.recordedLater(() -> host.setns(43, "net1"));
    host.exit(42);
    deliver();
    search();
    record.run();
    deliver();
    rest();
    tells("left 42 net1", "joined 43 net1<net:init by setns");
    isTrue();
  }

  @Test
  @KnownWrong(
      on = {NO_IDS, IDS, ACTIVE_IDS},
      because = "what has lost its inode ends before children that ended with it, or not at all")
  void childrenOfAnOwnerWhoseInodeIsUsedAgainEndFirst() throws IOException {
    host.fork(1, 42);
    host.unshare(42, USER);
    host.unshare(42, PID);
    host.setns(42, "user:init");
    begin();
    host.unshare(42, MNT, PID);
    host.reuse("user1");
    host.fork(1, 43, USER);
    host.unshare(42, UTS);
    deliver();
    rest();
    isTrue();
  }

  /// A scan finds a process gone of which records wait: they are older than the scan.
  @Test
  @KnownWrong(
      on = {NO_IDS, IDS, ACTIVE_IDS},
      because =
          "a record that is older than the scan revives its process, and ends what has its"
              + " inodes by now")
  void recordsOfThoseThatAScanHasFoundGoneEndNothing() throws IOException {
    host.fork(1, 42);
    begin();
    host.unshare(42, UTS);
    host.exit(42);
    host.reuse("uts1");
    host.fork(1, 43, NET);
    scan();
    deliver();
    rest();
    isTrue();
  }

  /// The namespace was told without its id, and had ended before records were lost.
  @Test
  @KnownWrong(
      on = {NO_IDS, IDS, ACTIVE_IDS},
      because = "a namespace without an id is taken for the one that a scan finds at its inode")
  void namespaceWithoutAnIdIsNotTakenForAnotherAfterALoss() throws IOException {
    begin();
    host.fork(1, 42, UTS);
    host.exit(42);
    deliver();
    host.reuse("uts1");
    host.fork(1, 43, UTS);
    lose();
    scan();
    rest();
    isTrue();
  }

  @Test
  @KnownWrong(
      on = NO_IDS,
      because = "of threads a search sees where they are, not what they have for their children")
  void threadHoldsTheNamespaceOfItsChildren() throws IOException {
    host.fork(1, 42);
    host.unshare(42, PID);
    host.thread(42, 70);
    begin();
    host.unshare(42, PID);
    rest();
    tells("created pid2 held by children of 42");
    isTrue();
  }

  @Test
  @KnownWrong(
      on = NO_IDS,
      because = "the mounts of a namespace that nobody is in are those that were read before")
  void mountInANamespaceThatNobodyIsInHolds() throws IOException {
    host.fork(1, 41, MNT);
    host.fork(1, 42, UTS);
    host.open(1, 5, "mnt1");
    begin();
    host.mount(41, "/pin", "uts1");
    host.exit(41);
    host.exit(42);
    rest();
    tells("left 41 mnt1", "left 42 uts1");
    isTrue();
  }

  @Test
  @KnownWrong(
      on = {NO_IDS, IDS, ACTIVE_IDS},
      because =
          "a run knows of a zombie what its two links say, and forgets what the last run knew")
  void zombieIsAfterARestartWhereItWas() throws IOException {
    host.fork(1, 42, USER, NET);
    begin();
    Snapshot last = stop();
    host.zombie(42);
    resume(last, 1);
    host.reap(42);
    rest();
    assertEquals(1, told().stream().filter("left 42 net1 user1"::equals).count());
  }

  @Test
  @KnownWrong(
      on = ACTIVE_IDS,
      because = "a stale handle is taken for the end; a namespace that is not active may live")
  void networkNamespaceThatASocketHoldsLives() throws IOException {
    host.fork(1, 42, NET);
    host.fork(1, 43);
    host.setns(43, "net1");
    host.socket(43, 7);
    host.setns(43, "net:init");
    begin();
    host.exit(42);
    rest();
    tells("left 42 net1");
    isTrue();
    host.fork(1, 44);
    host.setns(44, "net1");
    rest();
    tells("joined 44 net1<net:init by setns");
    host.close(43, 7);
    host.exit(44);
    rest();
    tells("left 44 net1", "destroyed net1 gone last 44");
  }

  @Test
  @KnownWrong(
      on = ACTIVE_IDS,
      because = "ids come from one counter: the visits of the other CPUs are counted as births")
  void hostAtRestHasNoBirths() throws IOException {
    begin();
    subject.births();
    assertEquals(kind.hasIds() ? OptionalLong.of(0) : OptionalLong.empty(), subject.births());
  }

  @Test
  @KnownWrong(
      on = ACTIVE_IDS,
      because = "ids come from one counter: each birth is counted once for each CPU")
  void birthsAreCountedOnce() throws IOException {
    begin();
    subject.births();
    for (int i = 0; i < 50; i++) {
      host.fork(1, 42, NET);
      host.exit(42);
    }
    assertEquals(kind.hasIds() ? OptionalLong.of(50) : OptionalLong.empty(), subject.births());
  }

  @Test
  @KnownWrong(
      on = {NO_IDS, IDS, ACTIVE_IDS},
      because = "no record names a time namespace, and its only process is gone when it is read")
  void timeNamespaceWhoseProcessIsGoneIsTold() throws IOException {
    begin();
    host.fork(1, 42);
    host.unshare(42, TIME);
    host.exit(42);
    rest();
    tells("created time1", "destroyed time1 no-holder");
  }

  @Test
  @KnownWrong(
      on = {NO_IDS, IDS, ACTIVE_IDS},
      because = "the lifetime ends with the proof, not with the last member's leave")
  void lifetimeOfANamespaceEndsWithItsLastMember() throws IOException {
    begin();
    host.fork(1, 42, NET);
    host.exit(42);
    advance(Duration.ofSeconds(2));
    rest();
    Destroyed destroyed =
        (Destroyed) events.stream().filter(Destroyed.class::isInstance).findFirst().orElseThrow();
    assertEquals(OptionalLong.of(1), destroyed.lifetimeMillis());
  }

  /// An open handle makes a namespace active for a moment, for all who ask.
  @Test
  @KnownWrong(
      on = {IDS, ACTIVE_IDS},
      because = "a handle is opened for each namespace without members, every second")
  void namespaceIsNotTouchedToAskWhetherItLives() throws IOException {
    host.fork(1, 42, NET);
    host.mount(1, "/run/netns/blue", "net1");
    host.exit(42);
    begin();
    int opened = kernel.count("handle net1");
    ask();
    ask();
    assertEquals(opened, kernel.count("handle net1"));
    assertEquals(List.of(), told());
  }

  @Test
  @KnownWrong(
      on = NO_IDS,
      because = "nothing tells apart two that had one inode of one type between two scans")
  void inodeThatIsUsedAgainByTheSameTypeIsAnotherNamespace() throws IOException {
    host.fork(1, 42, UTS);
    begin();
    host.exit(42);
    host.reuse("uts1");
    host.fork(1, 43, UTS);
    scan();
    assertEquals(4, told().size());
    isTrue();
  }
}
