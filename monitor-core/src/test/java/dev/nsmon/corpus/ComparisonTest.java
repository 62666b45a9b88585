package dev.nsmon.corpus;

import static dev.nsmon.namespace.NamespaceType.NET;
import static dev.nsmon.namespace.NamespaceType.USER;
import static dev.nsmon.namespace.NamespaceType.UTS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nsmon.event.NamespaceEvent;
import dev.nsmon.event.Source;
import dev.nsmon.libc.Errno;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What was not reported is found by comparing `/proc` with what was; what is only late is not.
class ComparisonTest extends Scenario {
  /// Process 42 unshares its uts namespace and comes back.
  private static final String[] VISIT = {
    "created uts1 by 42",
    "joined 42 uts1<uts:init by unshare",
    "joined 42 uts:init<uts1 by setns",
    "destroyed uts1 no-holder last 42"
  };

  @Test
  void nothingIsFoundWhereAllWasReported() throws IOException {
    begin();
    host.fork(1, 42, NET);
    deliver();
    host.unshare(42, UTS);
    deliver();
    events.clear();
    compare();
    tells();
    assertTrue(!subject.hasSuspects());
  }

  @Test
  void whatWasLostIsFound() throws IOException {
    host.fork(1, 42, NET);
    host.fork(1, 44);
    begin();
    host.fork(1, 43, UTS);
    host.unshare(44, UTS);
    host.exit(42);
    lose();
    compare();
    settle();
    tells(
        "left 42 net1",
        withIds("destroyed net1 gone last 42"),
        "created uts1 by 43",
        "joined 43 uts1",
        "created uts2 by 44",
        "joined 44 uts2<uts:init");
    for (NamespaceEvent event : events) {
      assertEquals(Source.POLL, event.sighting().source());
      assertTrue(event.sighting().notBefore().isPresent());
    }
    rest();
    isTrue();
  }

  @Test
  void recordMayTakeThreeSeconds() throws IOException {
    begin();
    host.fork(1, 42, NET);
    subject.compare();
    assertTrue(subject.hasSuspects());
    advance(Duration.ofNanos(2_999_999_999L));
    events.addAll(subject.confirm());
    tells();
    assertTrue(subject.hasSuspects());
    deliver();
    advance(Duration.ofNanos(1));
    events.addAll(subject.confirm());
    tells("created net1 by 42", "joined 42 net1 by fork");
    assertTrue(!subject.hasSuspects());
  }

  @Test
  void exitThatIsOnItsWayExplainsWhoHasVanished() throws IOException {
    host.fork(1, 42, NET);
    begin();
    host.exit(42);
    subject.compare();
    deliver();
    confirm();
    rest();
    tells("left 42 net1", "destroyed net1 gone last 42");
  }

  @Test
  void hostProcessesComeAndGoWithoutARecord() throws IOException {
    host.fork(1, 41);
    begin();
    host.fork(1, 42);
    host.exit(41);
    compare();
    tells();
    assertEquals(
        List.of(1, 2, 3, 42), subject.present().tasks().stream().map(task -> task.pid()).toList());
  }

  @Test
  void whatHasPassedAgainWasNothing() throws IOException {
    host.fork(1, 42);
    begin();
    host.unshare(42, UTS);
    lose();
    subject.compare();
    host.setns(42, "uts:init");
    lose();
    confirm();
    tells();
    isTrue();
  }

  /// It has come home before it is looked at for the first time, and its records are on the way.
  @Test
  void visitThatIsOverAtTheComparisonIsToldByItsRecords() throws IOException {
    begin();
    host.fork(1, 42);
    host.unshare(42, UTS);
    host.setns(42, "uts:init");
    subject.compare();
    assertTrue(!subject.hasSuspects());
    deliver();
    rest();
    tells(VISIT);
    isTrue();
  }

  /// It is away at one comparison and at home at the next.
  @Test
  void visitThatASecondComparisonFindsOverIsToldByItsRecords() throws IOException {
    begin();
    host.fork(1, 42);
    host.unshare(42, UTS);
    subject.compare();
    assertTrue(subject.hasSuspects());
    host.setns(42, "uts:init");
    subject.compare();
    deliver();
    confirm();
    rest();
    tells(VISIT);
    assertTrue(!subject.hasSuspects());
    isTrue();
  }

  @Test
  void processThatBeganElsewhereAndIsHomeAtTheComparisonIsToldByItsRecords() throws IOException {
    begin();
    host.fork(1, 42, UTS);
    host.setns(42, "uts:init");
    subject.compare();
    assertTrue(!subject.hasSuspects());
    deliver();
    rest();
    tells(
        "created uts1 by 42",
        "joined 42 uts1 by fork",
        "joined 42 uts:init<uts1 by setns",
        "destroyed uts1 no-holder last 42");
    isTrue();
  }

  @Test
  void processThatIsGoneAgainWasNothing() throws IOException {
    begin();
    host.fork(1, 42, NET);
    lose();
    subject.compare();
    host.exit(42);
    lose();
    confirm();
    tells();
    isTrue();
  }

  /// Its record is on the way: nothing may end in the meantime.
  @Test
  void searchEndsNothingThatASuspectIsIn() throws IOException {
    host.fork(1, 42, NET);
    host.fork(1, 43);
    begin();
    Runnable record = host.recordedLater(() -> host.setns(43, "net1"));
    host.exit(42);
    deliver();
    search();
    tells("left 42 net1");
    record.run();
    deliver();
    rest();
    isTrue();
  }

  /// The inode that it is at is another namespace's by now.
  @Test
  void memberOfWhatIsGoneIsSomewhereElse() throws IOException {
    host.fork(1, 42, NET);
    begin();
    host.setns(42, "net:init");
    host.reuse("net1");
    host.unshare(42, NET);
    lose();
    compare();
    rest();
    if (kind.hasIds()) {
      tells("destroyed net1 gone", "created net2 by 42", "joined 42 net2<net1");
      isTrue();
    }
  }

  @Test
  void pidThatIsUsedAgainIsFoundOutByItsAge() throws IOException {
    host.fork(1, 42, NET);
    host.open(1, 5, "net1");
    begin();
    host.exit(42);
    advance(Duration.ofSeconds(1));
    host.fork(1, 42);
    host.setns(42, "net1");
    lose();
    compare();
    tells("left 42 net1", "joined 42 net1");
    isTrue();
  }

  @Test
  void directoryThatIsMadeAnewIsNoOtherProcess() throws IOException {
    host.fork(1, 42, NET);
    begin();
    host.proc(42).directoryInode = 99;
    compare();
    tells();
  }

  @Test
  void processThatCanNotBeOpenedDiffersInNothing() throws IOException {
    host.fork(1, 42, NET);
    begin();
    kernel.fail("open /proc/42/ns", Errno.EMFILE);
    host.run(42);
    compare();
    tells();
  }

  @Test
  void processThatIsRefusedDiffersInNothing() throws IOException {
    host.fork(1, 42, NET);
    begin();
    host.proc(42).denied = true;
    host.run(42);
    compare();
    tells();
  }

  @Test
  void strangerThatIsRefusedIsKnownToBeThere() throws IOException {
    host.fork(1, 42, NET);
    begin();
    host.fork(42, 43);
    host.proc(43).denied = true;
    lose();
    compare();
    assertEquals(1, subject.present().report().denied());
    host.exit(42);
    rest();
    tells("left 42 net1");
  }

  @Test
  void processThatHasNotRunIsNotRead() throws IOException {
    host.fork(1, 42, NET);
    begin();
    compare();
    int read = kernel.count("readlink /proc/42/ns/net");
    compare();
    assertEquals(read, kernel.count("readlink /proc/42/ns/net"));
    host.run(42);
    compare();
    assertEquals(read + 1, kernel.count("readlink /proc/42/ns/net"));
  }

  @Test
  void processWhoseMainThreadHasExitedDiffersInNothing() throws IOException {
    host.fork(1, 42, NET);
    host.thread(42, 70);
    begin();
    host.exitThread(42, 42);
    deliver();
    settle();
    host.run(42);
    compare();
    tells();
    isTrue();
  }

  /// Process 42 is a zombie in user namespace `user1` before the first scan.
  private void beginWithAZombie() throws IOException {
    host.fork(1, 41, USER);
    host.fork(41, 42);
    host.zombie(42);
    begin();
  }

  /// The zombie is reaped, and a process in the initial namespaces gets its pid.
  private void reuseItsPid() {
    host.reap(42);
    advance(Duration.ofSeconds(1));
    host.fork(1, 42);
  }

  /// The kernel sends no record when a zombie is reaped.
  @Test
  void zombieThatIsReapedWhileItIsComparedIsNotSuspect() throws IOException {
    beginWithAZombie();
    kernel.before("cpu 42", () -> host.reap(42));
    compareAtOnce();
    tells("left 42 user1");
    isTrue();
  }

  /// No record reports the new process, because it is in the initial namespaces.
  @Test
  void pidOfAZombieIsUsedAgainBeforeAComparison() throws IOException {
    beginWithAZombie();
    reuseItsPid();
    compareAtOnce();
    tells("left 42 user1");
    isTrue();
    compare();
    tells();
  }

  @Test
  void pidOfAZombieIsUsedAgainByAnotherZombie() throws IOException {
    beginWithAZombie();
    reuseItsPid();
    host.zombie(42);
    compareAtOnce();
    tells("left 42 user1");
    isTrue();
  }

  @Test
  void hostProcessThatEndsWhileItIsComparedIsNotSuspect() throws IOException {
    host.fork(1, 42);
    begin();
    kernel.before("cpu 42", () -> host.exit(42));
    compareAtOnce();
    tells();
    assertTrue(subject.present().tasks().stream().noneMatch(task -> task.pid() == 42));
  }
}
