package dev.nsmon.corpus;

import static dev.nsmon.namespace.NamespaceType.IPC;
import static dev.nsmon.namespace.NamespaceType.NET;
import static dev.nsmon.namespace.NamespaceType.PID;
import static dev.nsmon.namespace.NamespaceType.USER;
import static dev.nsmon.namespace.NamespaceType.UTS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nsmon.libc.Errno;
import dev.nsmon.namespace.Namespace;
import dev.nsmon.namespace.Task;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What scans alone show, where no source reports anything.
class ScanTest extends Scenario {
  private static final String LINK = "readlink /proc/42/ns/net";

  private Task row(int pid) {
    return subject.present().tasks().stream()
        .filter(task -> task.pid() == pid)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void processAppearsMovesAndVanishes() throws IOException {
    begin();
    host.fork(1, 42, NET);
    scan();
    host.unshare(42, UTS);
    scan();
    host.exit(42);
    scan();
    tells(
        "created net1 by 42",
        "joined 42 net1",
        "created uts1 by 42",
        "joined 42 net1 uts1<uts:init",
        "left 42 net1 uts1",
        "destroyed uts1 gone last 42",
        "destroyed net1 gone last 42");
    isTrue();
  }

  @Test
  void baselineNamesTheInitialNamespacesWhereverTheirInodesAre() throws IOException {
    begin();
    assertEquals(8, subject.present().namespaces().stream().filter(Namespace::initial).count());
    host.fork(1, 42);
    host.exec(42, "sleep");
    scan();
    tells();
  }

  @Test
  void processThatHasNotRunIsNotRead() throws IOException {
    host.fork(1, 42, NET);
    begin();
    scan();
    int read = kernel.count(LINK);
    scan();
    scan();
    assertEquals(read, kernel.count(LINK));
    host.run(42);
    scan();
    assertEquals(read + 1, kernel.count(LINK));
    tells();
  }

  @Test
  void processThatHasNotRunIsReadWithEverySearchThatIsDue() throws IOException {
    host.fork(1, 42, NET);
    begin();
    scan();
    int read = kernel.count(LINK);
    advance(Duration.ofSeconds(30));
    scan();
    assertEquals(read + 1, kernel.count(LINK));
  }

  /// A process that is new is read again: its exec is mostly still before it.
  @Test
  void newProcessIsReadTwice() throws IOException {
    begin();
    host.fork(1, 42, NET);
    scan();
    Proc process = host.proc(42);
    process.comm = "daemon";
    scan();
    assertEquals("daemon", row(42).info().comm());
    process.comm = "other";
    scan();
    assertEquals("daemon", row(42).info().comm(), "it has not run since");
    tells("created net1 by 42", "joined 42 net1");
  }

  @Test
  void clockThatCanNotBeReadIsNoProofOfRest() throws IOException {
    host.fork(1, 42, NET);
    kernel.fail("cpu 42", Errno.EINVAL);
    begin();
    scan();
    int read = kernel.count(LINK);
    scan();
    assertEquals(read + 1, kernel.count(LINK));
  }

  @Test
  void directoryThatIsMadeAnewIsNoNewProcess() throws IOException {
    host.fork(1, 42, NET);
    begin();
    host.proc(42).directoryInode = 99;
    scan();
    tells();
  }

  @Test
  void pidThatIsUsedAgainIsAnotherProcess() throws IOException {
    host.fork(1, 42, NET);
    host.open(1, 5, "net1");
    begin();
    host.exit(42);
    advance(Duration.ofSeconds(1));
    host.fork(1, 42);
    host.setns(42, "net1");
    scan();
    tells("left 42 net1", "joined 42 net1");
  }

  @Test
  void pidOfAProcessThatWasNoNewsIsAnothersToo() throws IOException {
    host.fork(1, 42);
    begin();
    host.exit(42);
    advance(Duration.ofSeconds(1));
    host.fork(1, 42, UTS);
    scan();
    tells("created uts1 by 42", "joined 42 uts1");
  }

  @Test
  void processThatIsGoneBeforeItIsOpenedIsNoError() throws IOException {
    host.fork(1, 42, NET);
    begin();
    kernel.before("open /proc/42/ns", () -> host.exit(42));
    host.run(42);
    scan();
    scan();
    tells("left 42 net1", "destroyed net1 gone last 42");
  }

  @Test
  void processThatIsGoneBeforeItIsReadIsNoError() throws IOException {
    host.fork(1, 42, NET);
    begin();
    kernel.before("readlink /proc/42/ns/cgroup", () -> host.exit(42));
    host.run(42);
    scan();
    scan();
    tells("left 42 net1", "destroyed net1 gone last 42");
  }

  /// Its links were read, and it is gone before its namespaces are opened: what was new is unknown.
  @Test
  void newProcessThatIsGoneBetweenReadingAndAskingIsNotTold() throws IOException {
    begin();
    host.fork(1, 42, NET);
    kernel.before("open /proc/42/ns/net", () -> host.exit(42));
    scan();
    scan();
    if (kind.hasIds()) {
      tells();
    } else {
      // Without ids the name that was read is all there is to know.
      tells("created net1", "destroyed net1 no-holder");
    }
  }

  @Test
  void noDescriptorIsLeftIsNotTheEndOfAProcess() throws IOException {
    host.fork(1, 42, NET);
    begin();
    kernel.fail("open /proc/42/ns", Errno.EMFILE);
    host.run(42);
    scan();
    scan();
    tells();
    assertEquals(Task.State.DENIED, row(42).state());
    kernel.heal("open /proc/42/ns");
    scan();
    assertEquals(Task.State.LIVE, row(42).state());
    tells();
    isTrue();
  }

  @Test
  void processThatIsRefusedStaysWhereItWas() throws IOException {
    host.fork(1, 42, NET);
    begin();
    host.proc(42).denied = true;
    host.run(42);
    scan();
    scan();
    tells();
    assertEquals(Task.State.DENIED, row(42).state());
    assertEquals(1, subject.present().report().denied());
  }

  @Test
  void strangerThatIsRefusedIsNowhere() throws IOException {
    begin();
    host.fork(1, 42, NET);
    host.proc(42).denied = true;
    scan();
    tells();
    host.proc(42).denied = false;
    host.run(42);
    scan();
    tells("created net1 by 42", "joined 42 net1");
  }

  /// It may be in any namespace that was there when it began.
  @Test
  void refusedProcessThatIsYoungerMayBeInTheNamespace() throws IOException {
    host.fork(1, 42, NET);
    begin();
    host.fork(42, 43);
    host.proc(43).denied = true;
    host.exit(42);
    scan();
    scan();
    tells("left 42 net1");
    isTrueExcept(43);
  }

  private void isTrueExcept(int unreadable) {
    host.processes.remove(unreadable);
    isTrue();
  }

  @Test
  void refusedProcessThatIsOlderIsNot() throws IOException {
    host.fork(1, 40);
    host.proc(40).denied = true;
    advance(Duration.ofSeconds(1));
    begin();
    host.fork(1, 42, NET);
    scan();
    host.exit(42);
    scan();
    tells("created net1 by 42", "joined 42 net1", "left 42 net1", "destroyed net1 gone last 42");
  }

  /// Who does not see the first process does not see all.
  @Test
  void searchProvesNothingWhereTheFirstProcessIsNotListed() throws IOException {
    host.fork(1, 42, NET);
    begin();
    host.hidden.add(1);
    host.exit(42);
    scan();
    scan();
    if (kind.hasIds()) {
      tells("left 42 net1", "destroyed net1 kernel-id-gone last 42");
    } else {
      tells("left 42 net1");
    }
  }

  /// The kernel says so of any handle that this user may not open.
  @Test
  void staleHandleThatHasNeverOpenedProvesNothing() throws IOException {
    host.privileged = false;
    host.fork(1, 42, NET);
    begin();
    host.run(42);
    scan();
    tells();
    host.exit(42);
    scan();
    tells("left 42 net1", "destroyed net1 no-holder last 42");
  }

  @Test
  void namespaceThatNoProcessIsInIsNotEndedByAHandleThatHasNeverOpened() throws IOException {
    host.privileged = false;
    host.fork(1, 42, NET);
    host.mount(1, "/run/netns/blue", "net1");
    host.exit(42);
    begin();
    scan();
    scan();
    tells();
    isTrue();
  }

  @Test
  void handleThatWasStaleOnceThoughItsNamespaceLivesIsNeverBelievedAgain() throws IOException {
    host.fork(1, 42, NET);
    begin();
    kernel.fail("handle net1", Errno.ESTALE);
    host.run(42);
    scan();
    scan();
    tells();
    kernel.heal("handle net1");
    host.exit(42);
    scan();
    tells("left 42 net1", "destroyed net1 no-holder last 42");
  }

  @Test
  void handleThatIsRefusedProvesNothing() throws IOException {
    host.fork(1, 42, NET);
    begin();
    kernel.fail("handle net1", Errno.EPERM);
    host.run(42);
    scan();
    tells();
    kernel.fail("handle net1", Errno.EMFILE);
    host.run(42);
    scan();
    tells();
    isTrue();
  }

  /// The inode of what has ended between two scans is another namespace's now.
  @Test
  void inodeThatIsUsedAgainBetweenScansIsAnotherNamespace() throws IOException {
    host.fork(1, 42, NET);
    begin();
    host.exit(42);
    host.reuse("net1");
    host.fork(1, 43, UTS);
    scan();
    tells(
        "left 42 net1",
        "destroyed net1 " + (kind.hasIds() ? "kernel-id-gone" : "inode-reused") + " last 42",
        "created uts1 by 43",
        "joined 43 uts1");
    isTrue();
  }

  /// Without ids there is nothing to tell two apart that have one type and one inode.
  @Test
  void inodeThatIsUsedAgainByTheSameTypeIsToldApartByIds() throws IOException {
    host.fork(1, 42, NET);
    begin();
    host.exit(42);
    host.reuse("net1");
    host.fork(1, 43, NET);
    scan();
    if (kind.hasIds()) {
      tells(
          "left 42 net1",
          "destroyed net1 kernel-id-gone last 42",
          "created net2 by 43",
          "joined 43 net2");
    } else {
      tells("left 42 net1", "joined 43 net1");
    }
  }

  /// A scan is not atomic: one process is read before, one after the inode was given away.
  @Test
  void inodeThatIsUsedAgainWithinAScanIsFoundOut() throws IOException {
    host.fork(1, 42, NET);
    host.fork(1, 43);
    begin();
    host.run(42);
    host.run(43);
    kernel.before(
        "open /proc/43/ns",
        () -> {
          host.exit(42);
          host.reuse("net1");
          host.unshare(43, NET);
        });
    scan();
    if (kind.hasIds()) {
      tells(
          "left 42 net1",
          "destroyed net1 kernel-id-gone last 42",
          "created net2 by 43",
          "joined 43 net2<net:init");
    }
    scan();
    if (kind.hasIds()) {
      tells();
      isTrue();
    }
  }

  @Test
  void whatCameAndWentWithinAScanIsToldAndEndsWithTheNext() throws IOException {
    begin();
    host.fork(1, 42, NET);
    host.fork(1, 43);
    kernel.before("open /proc/43/ns", () -> host.exit(42));
    scan();
    tells("created net1 by 42", "joined 42 net1");
    scan();
    tells("left 42 net1", "destroyed net1 gone last 42");
    isTrue();
  }

  @Test
  void childrenEndBeforeWhatTheyBelongTo() throws IOException {
    host.fork(1, 42, USER, PID);
    host.fork(42, 43, USER, PID, NET);
    begin();
    host.exit(42);
    for (int level = 0; level < 4; level++) {
      scan();
    }
    tells(
        "left 42 pid1 user1",
        "left 43 net1 pid2 user2",
        "destroyed net1 gone last 43",
        "destroyed pid2 gone last 43",
        "destroyed user2 gone last 43",
        "destroyed pid1 gone last 42",
        "destroyed user1 gone last 42");
    isTrue();
  }

  @Test
  void namespaceOfAnotherMemberLives() throws IOException {
    host.fork(1, 42, NET);
    host.fork(42, 43);
    begin();
    host.exit(42);
    scan();
    tells("left 42 net1");
    isTrue();
  }

  @Test
  void zombieIsWhereItWasAndKeepsItsPidAndUserNamespaceAlone() throws IOException {
    host.fork(1, 42, USER, PID, NET, UTS);
    begin();
    host.zombie(42);
    scan();
    tells("destroyed uts1 gone last 42", "destroyed net1 gone last 42");
    scan();
    tells();
    host.reap(42);
    scan();
    scan();
    tells(
        "left 42 net1 pid1 user1 uts1",
        "destroyed pid1 gone last 42",
        "destroyed user1 gone last 42");
  }

  @Test
  void zombieThatIsSeenFirstIsWhereItsTwoLinksSay() throws IOException {
    host.fork(1, 42, USER, PID, NET);
    host.zombie(42);
    begin();
    assertEquals(Task.State.ZOMBIE, row(42).state());
    host.reap(42);
    scan();
    scan();
    tells("left 42 pid1 user1", "destroyed pid1 gone last 42", "destroyed user1 gone last 42");
  }

  @Test
  void zombieKeepsNothingForItsChildren() throws IOException {
    host.fork(1, 42);
    host.unshare(42, PID);
    begin();
    host.zombie(42);
    scan();
    tells("destroyed pid1 gone");
  }

  @Test
  void processWhoseMainThreadHasExitedIsWhereItsOthersAre() throws IOException {
    host.fork(1, 42, NET);
    host.thread(42, 70);
    begin();
    host.exitThread(42, 42);
    host.run(42);
    scan();
    assertEquals(Task.State.LIVE, row(42).state());
    tells();
    isTrue();
    host.exitThread(42, 70);
    scan();
    tells("left 42 net1", "destroyed net1 gone last 42");
  }

  @Test
  void threadThatIsElsewhereHasARowWhereAskedFor() throws IOException {
    options = options.withThreads();
    host.fork(1, 42);
    host.thread(42, 70);
    begin();
    host.unshareThread(42, 70, UTS);
    scan();
    host.setnsThread(42, 70, "uts:init");
    scan();
    host.exitThread(42, 70);
    scan();
    tells(
        "created uts1 by 42/70",
        "joined 42/70 uts1<uts:init",
        "joined 42/70 uts:init<uts1",
        "destroyed uts1 gone last 42/70");
  }

  @Test
  void threadsLeaveWithTheirProcess() throws IOException {
    options = options.withThreads();
    host.fork(1, 42, IPC);
    host.thread(42, 70);
    host.unshareThread(42, 70, UTS);
    begin();
    host.exit(42);
    scan();
    tells(
        "left 42 ipc1",
        "left 42/70 ipc1 uts1",
        "destroyed ipc1 gone last 42/70",
        "destroyed uts1 gone last 42/70");
  }

  @Test
  void everyProcessIsToldWhereAskedFor() throws IOException {
    options = options.includingInitial();
    begin();
    host.fork(1, 42);
    scan();
    host.exit(42);
    scan();
    String all = " cgroup:init ipc:init mnt:init net:init pid:init time:init user:init uts:init";
    tells("joined 42" + all, "left 42" + all);
  }

  @Test
  void processThatCanNotBeListedIsAnError() throws IOException {
    begin();
    kernel.fail("list /proc", Errno.EMFILE);
    IOException thrown = null;
    try {
      scan();
    } catch (IOException e) {
      thrown = e;
    }
    assertTrue(thrown != null && thrown.getMessage().contains("EMFILE"), "" + thrown);
    kernel.heal("list /proc");
    scan();
    tells();
  }

  @Test
  void rowsThatHaveNotChangedAreTheSame() throws IOException {
    host.fork(1, 42, NET);
    begin();
    scan();
    List<Task> before = subject.present().tasks();
    host.run(42);
    scan();
    assertTrue(before == subject.present().tasks(), "the list too");
  }
}
