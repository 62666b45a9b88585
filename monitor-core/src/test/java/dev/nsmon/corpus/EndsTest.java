package dev.nsmon.corpus;

import static dev.nsmon.namespace.NamespaceType.NET;
import static dev.nsmon.namespace.NamespaceType.PID;
import static dev.nsmon.namespace.NamespaceType.USER;
import static dev.nsmon.namespace.NamespaceType.UTS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nsmon.event.Source;
import dev.nsmon.libc.Errno;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// When a process has ended, when a namespace has, and what proves it, while a source reports.
class EndsTest extends Scenario {

  /// A pid or user namespace goes when the kernel has waited for its readers.
  @Test
  void namespaceThatLingersIsAskedAgainUntilItIsGone() throws IOException {
    begin();
    host.fork(1, 42, USER, PID);
    deliver();
    host.lingering.add(PID);
    host.lingering.add(USER);
    host.exit(42);
    deliver();
    if (kind != KernelKind.IDS) {
      rest(); // Asked in no other way, or inactive at once.
      host.free();
      isTrue();
      return;
    }
    tells(
        "created pid1 by 42",
        "created user1 by 42",
        "joined 42 pid1 user1 by fork",
        "left 42 pid1 user1");
    long due = subject.settleDueNanos();
    assertEquals(Duration.ofMillis(3).toNanos(), due - clock.nanoTime());
    advanceTo(due);
    settleOnce();
    tells();
    assertEquals(Duration.ofMillis(8).toNanos(), subject.settleDueNanos() - clock.nanoTime());
    host.free();
    settle();
    tells("destroyed pid1 gone last 42", "destroyed user1 gone last 42");
    assertEquals(Long.MAX_VALUE, subject.settleDueNanos());
    isTrue();
  }

  private void settleOnce() {
    events.addAll(subject.settle());
  }

  @Test
  void namespaceThatIsHeldIsNotAskedForEver() throws IOException {
    host.fork(1, 42, NET);
    host.open(1, 5, "net1");
    begin();
    host.exit(42);
    deliver();
    settle();
    tells("left 42 net1");
    assertEquals(Long.MAX_VALUE, subject.settleDueNanos());
    isTrue();
  }

  /// An unmount and a close make no record.
  @Test
  void endWithoutAnyTasksDoingIsFoundByAsking() throws IOException {
    host.fork(1, 42, NET);
    host.mount(1, "/run/netns/blue", "net1");
    begin();
    host.exit(42);
    deliver();
    settle();
    host.unmount(1, "/run/netns/blue");
    ask();
    assertEquals(
        kind.hasIds() ? List.of(Source.PERF, Source.POLL) : List.of(Source.PERF),
        events.stream().map(event -> event.sighting().source()).toList());
    rest();
    tells("left 42 net1", "destroyed net1 gone last 42");
    isTrue();
  }

  @Test
  void whatBelongedToTheLastEndsWithIt() throws IOException {
    begin();
    host.fork(1, 42, USER);
    deliver();
    host.unshare(42, NET, UTS);
    deliver();
    host.exit(42);
    deliver();
    rest();
    tells(
        "created user1 by 42",
        "joined 42 user1 by fork",
        "created net1 by 42",
        "created uts1 by 42",
        "joined 42 net1<net:init user1 uts1<uts:init by unshare",
        "left 42 net1 user1 uts1",
        "destroyed net1 gone last 42",
        "destroyed uts1 gone last 42",
        "destroyed user1 gone last 42");
    isTrue();
  }

  @Test
  void userNamespaceWhoseChildIsHeldLives() throws IOException {
    begin();
    host.fork(1, 42, USER, NET);
    deliver();
    host.open(1, 5, "net1");
    host.exit(42);
    deliver();
    rest();
    tells(
        "created net1 by 42",
        "created user1 by 42",
        "joined 42 net1 user1 by fork",
        "left 42 net1 user1");
    isTrue();
  }

  @Test
  void endOfAThreadAloneIsNotTheEndOfItsProcess() throws IOException {
    host.fork(1, 42, NET);
    host.thread(42, 70);
    begin();
    host.exitThread(42, 70);
    deliver();
    settle();
    tells();
    isTrue();
  }

  @Test
  void processEndsWithItsLastThreadWhereItsMainOneWentFirst() throws IOException {
    host.fork(1, 42, NET);
    host.thread(42, 70);
    begin();
    host.exitThread(42, 42);
    deliver();
    settle();
    tells();
    isTrue();
    host.exitThread(42, 70);
    deliver();
    rest();
    tells("left 42 net1", "destroyed net1 gone last 42");
  }

  @Test
  void processOfThreadsThatEndsWholeHasLeft() throws IOException {
    begin();
    host.fork(1, 42, NET);
    host.thread(42, 70);
    deliver();
    host.exit(42);
    deliver();
    rest();
    tells(
        "created net1 by 42",
        "joined 42 net1 by fork",
        "left 42 net1",
        "destroyed net1 gone last 42");
  }

  /// Whoever was born under the source and made no threads has ended with its main one.
  @Test
  void processWithoutThreadsIsNotAskedFor() throws IOException {
    begin();
    host.fork(1, 42, NET);
    deliver();
    int read = kernel.count("open /proc/42/stat");
    host.exiting(42);
    deliver();
    tells("created net1 by 42", "joined 42 net1 by fork", "left 42 net1");
    assertEquals(read, kernel.count("open /proc/42/stat"));
  }

  /// The main thread reports its exit long before it lets go (`do_exit` since Linux 6.16).
  @Test
  void processThatIsLongOnItsWayOutIsAskedAgain() throws IOException {
    host.fork(1, 42, NET);
    host.thread(42, 70);
    begin();
    host.exiting(42);
    deliver();
    tells();
    assertTrue(subject.settleDueNanos() < Long.MAX_VALUE);
    host.exit(42);
    lose();
    settle();
    rest();
    tells("left 42 net1", "destroyed net1 gone last 42");
  }

  @Test
  void processThatHasLeftIsNotFoundAgainWhileItIsOnItsWayOut() throws IOException {
    begin();
    host.fork(1, 42, NET);
    deliver();
    host.exiting(42);
    deliver();
    scan();
    compare();
    tells("created net1 by 42", "joined 42 net1 by fork", "left 42 net1");
    host.exit(42);
    rest();
    tells("destroyed net1 gone last 42");
    isTrue();
  }

  /// Its record was made before the source took any.
  @Test
  void processThatWasOnItsWayOutAtTheFirstScanHasLeft() throws IOException {
    host.fork(1, 42, NET);
    host.exiting(42);
    begin();
    events.addAll(subject.allOlderAreIn());
    tells("left 42 net1");
    host.exit(42);
    rest();
    tells("destroyed net1 gone last 42");
  }

  @Test
  void processOfThreadsThatWasOnItsWayOutEndsWithItsLast() throws IOException {
    host.fork(1, 42, NET);
    host.thread(42, 70);
    host.exiting(42);
    begin();
    events.addAll(subject.allOlderAreIn());
    tells();
    host.exitThread(42, 70);
    host.exit(42);
    deliver();
    rest();
    tells("left 42 net1", "destroyed net1 gone last 42");
  }

  @Test
  void zombieHasLeftAndKeepsItsUserAndPidNamespace() throws IOException {
    begin();
    host.fork(1, 42, USER, PID, UTS);
    deliver();
    host.zombie(42);
    deliver();
    settle();
    search();
    search();
    tells(
        "created pid1 by 42",
        "created user1 by 42",
        "created uts1 by 42",
        "joined 42 pid1 user1 uts1 by fork",
        "left 42 pid1 user1 uts1",
        "destroyed uts1 gone last 42");
    isTrue();
    compare();
    tells();
    host.reap(42);
    rest();
    tells("destroyed pid1 gone last 42", "destroyed user1 gone last 42");
    isTrue();
  }

  /// No record tells when a zombie is reaped that was there from the first; the end of what it kept
  /// does, or a comparison.
  @Test
  void zombieThatWasThereFromTheFirstLeavesBeforeWhatItKeptEnds() throws IOException {
    host.fork(1, 42, USER, PID);
    host.zombie(42);
    begin();
    host.reap(42);
    deliver();
    rest();
    tells("left 42 pid1 user1", "destroyed pid1 gone last 42", "destroyed user1 gone last 42");
    isTrue();
  }

  @Test
  void zombieThatWasThereFromTheFirstIsFoundReapedByComparison() throws IOException {
    host.fork(1, 41, USER);
    host.fork(41, 42);
    host.zombie(42);
    begin();
    host.reap(42);
    compare();
    tells("left 42 user1");
    isTrue();
  }

  @Test
  void nextProcessWithThePidOfAZombieIsNew() throws IOException {
    begin();
    host.fork(1, 42, NET);
    deliver();
    host.zombie(42);
    deliver();
    tells(
        "created net1 by 42",
        "joined 42 net1 by fork",
        "left 42 net1",
        withIds("destroyed net1 gone last 42"));
    host.reap(42);
    advance(Duration.ofSeconds(1));
    host.fork(1, 42, UTS);
    lose();
    scan();
    tells("created uts1 by 42", "joined 42 uts1", withoutIds("destroyed net1 gone last 42"));
  }

  @Test
  void childNamespaceEndsBeforeTheUserNamespaceThatAllLeft() throws IOException {
    host.fork(1, 42, USER);
    host.fork(42, 43, USER);
    begin();
    host.exit(42);
    host.exit(43);
    deliver();
    rest();
    tells(
        "left 42 user1",
        "left 43 user2",
        "destroyed user2 gone last 43",
        "destroyed user1 gone last 42");
    isTrue();
  }

  /// What the kernel will not say of one, a search has to find out.
  @Test
  void handleThatIsRefusedLeavesItToTheSearch() throws IOException {
    host.fork(1, 42, NET);
    begin();
    kernel.fail("handle net1", Errno.EPERM);
    host.exit(42);
    deliver();
    tells("left 42 net1");
    assertEquals(!kind.hasIds(), subject.needsSearch());
    kernel.heal("handle net1");
    rest();
    tells("destroyed net1 gone last 42");
  }

  @Test
  void endThatIsFoundIsNotBeforeTheLastTimeThatAllWasAsked() throws IOException {
    host.fork(1, 42, NET);
    host.open(1, 5, "net1");
    begin();
    host.exit(42);
    deliver();
    settle();
    ask();
    events.clear();
    var asked = clock.instant();
    host.close(1, 5);
    advance(Duration.ofSeconds(1));
    if (kind.hasIds()) {
      ask();
      assertEquals(Optional.of(asked), events.getFirst().sighting().notBefore());
      assertEquals(clock.instant(), events.getFirst().sighting().time());
    }
  }

  @Test
  void scanEndsNothingThatAZombieKeeps() throws IOException {
    begin();
    host.fork(1, 42, USER, PID);
    deliver();
    host.zombie(42);
    deliver();
    events.clear();
    scan();
    tells();
    isTrue();
  }

  @Test
  void nothingEndsThatAProcessIsInWhichIsOnItsWayOut() throws IOException {
    begin();
    host.fork(1, 42, NET);
    deliver();
    host.exiting(42);
    deliver();
    events.clear();
    search();
    search();
    tells();
  }

  /// A look, then a pending thread record, then a leader that exits before its threads (review C4).
  @Test
  void processWhoseThreadWasMadeBeforeAScanIsNotTakenForSingle() throws IOException {
    begin();
    host.fork(1, 42, NET);
    deliver();
    host.thread(42, 70);
    scan();
    host.exitThread(42, 42);
    deliver();
    rest();
    tells("created net1 by 42", "joined 42 net1 by fork");
    isTrue();
  }

  @Test
  void processThatCanNotBeOpenedHasNotEnded() throws IOException {
    host.fork(1, 42, NET);
    host.thread(42, 70);
    begin();
    kernel.fail("open /proc/42/ns", Errno.EMFILE);
    host.exitThread(42, 42);
    deliver();
    kernel.heal("open /proc/42/ns");
    rest();
    tells();
    isTrue();
  }
}
