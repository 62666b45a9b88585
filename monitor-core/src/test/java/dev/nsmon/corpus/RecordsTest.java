package dev.nsmon.corpus;

import static dev.nsmon.namespace.NamespaceType.IPC;
import static dev.nsmon.namespace.NamespaceType.MNT;
import static dev.nsmon.namespace.NamespaceType.NET;
import static dev.nsmon.namespace.NamespaceType.PID;
import static dev.nsmon.namespace.NamespaceType.TIME;
import static dev.nsmon.namespace.NamespaceType.USER;
import static dev.nsmon.namespace.NamespaceType.UTS;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nsmon.event.NamespaceEvent;
import dev.nsmon.event.Source;
import dev.nsmon.namespace.ProcessInfo;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What records say, and what is read of `/proc` to complete them.
class RecordsTest extends Scenario {
  private ProcessInfo info() {
    return events.getLast().task().orElseThrow().info();
  }

  @Test
  void lifeThatIsFollowedStepByStep() throws IOException {
    begin();
    host.fork(1, 42, NET);
    deliver();
    host.unshare(42, UTS);
    deliver();
    host.exec(42, "sleep");
    deliver();
    host.fork(42, 43);
    deliver();
    host.exit(42);
    deliver();
    host.exit(43);
    deliver();
    rest();
    tells(
        "created net1 by 42",
        "joined 42 net1 by fork",
        "created uts1 by 42",
        "joined 42 net1 uts1<uts:init by unshare",
        "joined 43 net1 uts1 by fork",
        "left 42 net1 uts1",
        "left 43 net1 uts1",
        "destroyed net1 gone last 43",
        "destroyed uts1 gone last 43");
    isTrue();
  }

  @Test
  void lifeThatIsOverWhenItsRecordsCome() throws IOException {
    begin();
    host.fork(1, 42, NET);
    host.unshare(42, UTS);
    host.exit(42);
    rest();
    tells(
        "created net1 by 42",
        "joined 42 net1 by fork",
        "created uts1 by 42",
        "joined 42 net1 uts1<uts:init by unshare",
        "left 42 net1 uts1",
        "destroyed net1 no-holder last 42",
        "destroyed uts1 no-holder last 42");
    isTrue();
  }

  @Test
  void idThatIsGoneIsProofInTheVeryBatch() throws IOException {
    begin();
    host.fork(1, 42, NET);
    deliver();
    host.exit(42);
    deliver();
    tells(
        "created net1 by 42",
        "joined 42 net1 by fork",
        "left 42 net1",
        withIds("destroyed net1 gone last 42"));
  }

  @Test
  void setnsEntersWhatExistsAndUnshareWhatItMakes() throws IOException {
    host.fork(1, 42, NET);
    begin();
    host.fork(1, 43);
    host.setns(43, "net1");
    deliver();
    host.unshare(43, NET, IPC);
    deliver();
    host.setns(43, "net1", "ipc:init");
    deliver();
    tells(
        "joined 43 net1<net:init by setns",
        "created ipc1 by 43",
        "created net2 by 43",
        "joined 43 ipc1<ipc:init net2<net1 by unshare",
        "joined 43 ipc:init<ipc1 net1<net2 by setns",
        withIds("destroyed ipc1 gone last 43"),
        withIds("destroyed net2 gone last 43"));
  }

  @Test
  void hostProcessesAreNoNews() throws IOException {
    begin();
    host.fork(1, 42);
    host.exec(42, "ls");
    host.fork(42, 43);
    host.exit(42);
    host.exit(43);
    rest();
    tells();
    assertEquals(3, subject.present().tasks().size());
  }

  @Test
  void hostProcessesAreToldWhereAllAre() throws IOException {
    options = options.includingInitial();
    begin();
    host.follow(1);
    host.fork(1, 42);
    host.exit(42);
    rest();
    String all = " cgroup:init ipc:init mnt:init net:init pid:init time:init user:init uts:init";
    tells("joined 42" + all + " by fork", "left 42" + all);
  }

  @Test
  void moveToWhereItIsSaysNothing() throws IOException {
    host.fork(1, 42, NET);
    begin();
    host.setns(42, "net1");
    rest();
    tells();
  }

  @Test
  void timesAreThoseOfTheRecords() throws IOException {
    begin();
    Instant before = clock.instant();
    host.fork(1, 42, NET);
    host.exit(42);
    advance(Duration.ofMillis(500));
    deliver();
    tellsAt(before, 1, 1, 2);
    assertEquals(Source.PERF, events.getFirst().sighting().source());
    assertEquals(Optional.empty(), events.getFirst().sighting().notBefore());
  }

  private void tellsAt(Instant since, long... millis) {
    long[] told =
        events.stream()
            .mapToLong(event -> Duration.between(since, event.sighting().time()).toMillis())
            .toArray();
    assertArrayEquals(millis, told);
  }

  @Test
  void processThatCanBeReadIsDescribed() throws IOException {
    begin();
    host.fork(1, 42, NET);
    deliver();
    assertEquals("/usr/bin/sh", info().exe());
    assertEquals(1000, info().uid());
    assertEquals("/a.slice", info().cgroup());
  }

  @Test
  void processThatCanNotBeReadHasWhatTheRecordAndItsParentHave() throws IOException {
    host.fork(1, 41, NET);
    host.proc(41).cgroup = "/b.slice";
    begin();
    host.fork(41, 42, UTS);
    host.exit(42);
    deliver();
    NamespaceEvent joined = events.get(1);
    ProcessInfo info = joined.task().orElseThrow().info();
    assertEquals("sh", info.comm());
    assertEquals(41, info.ppid());
    assertEquals("/b.slice", info.cgroup());
    assertEquals("", info.exe());
  }

  @Test
  void execChangesTheName() throws IOException {
    begin();
    host.fork(1, 42, NET);
    host.exec(42, "a");
    host.exit(42);
    deliver();
    assertEquals("a", info().comm());
  }

  /// The process with the pid is younger than the record.
  @Test
  void anotherProcessWithThePidIsNotAskedForARecordOfTheFirst() throws IOException {
    begin();
    host.fork(1, 42, NET);
    host.exit(42);
    advance(Duration.ofSeconds(1));
    host.fork(1, 42, UTS);
    host.proc(42).uid = 7;
    deliver(1);
    assertEquals(-1, info().uid());
    deliver();
    assertEquals(7, info().uid());
    rest();
    isTrue();
  }

  /// By now its links show where later records put it.
  @Test
  void recordSaysWhereItWasThenWhateverItsLinksSayNow() throws IOException {
    begin();
    host.fork(1, 42, NET);
    host.unshare(42, UTS);
    host.setns(42, "net:init");
    deliver(1);
    tells("created net1 by 42", "joined 42 net1 by fork");
    deliver(1);
    deliver(1);
    tells(
        "created uts1 by 42",
        "joined 42 net1 uts1<uts:init by unshare",
        "joined 42 net:init<net1 uts1 by setns");
    rest();
    isTrue();
  }

  @Test
  void timeNamespaceIsEnteredByExec() throws IOException {
    begin();
    host.fork(1, 42, UTS);
    deliver();
    host.unshare(42, TIME);
    deliver();
    tells("created uts1 by 42", "joined 42 uts1 by fork", "created time1 held by children of 42");
    host.exec(42, "sleep");
    deliver();
    tells("joined 42 time1<time:init uts1");
    host.fork(42, 43);
    deliver();
    tells("joined 43 time1 uts1 by fork");
    host.exit(42);
    host.exit(43);
    rest();
    tells(
        "left 42 time1 uts1",
        "left 43 time1 uts1",
        "destroyed time1 gone last 43",
        "destroyed uts1 gone last 43");
  }

  @Test
  void pidNamespaceOfTheChildrenIsToldWhenItsProcessIsRead() throws IOException {
    begin();
    host.fork(1, 42);
    host.unshare(42, PID);
    deliver();
    tells("created pid1 held by children of 42");
    host.fork(42, 43);
    deliver();
    tells("joined 43 pid1 by fork");
    host.fork(43, 44);
    deliver();
    tells("joined 44 pid1 by fork");
    host.exit(43);
    deliver();
    rest();
    tells("left 43 pid1", "left 44 pid1");
    isTrue();
  }

  @Test
  void recordThatIsOlderThanTheScanIsInItAlready() throws IOException {
    begin();
    host.fork(1, 42, NET);
    host.unshare(42, UTS);
    host.exec(42, "x");
    scan();
    tells("created net1 by 42", "created uts1 by 42", "joined 42 net1 uts1");
    deliver();
    tells();
    host.exit(42);
    deliver();
    rest();
    tells("left 42 net1 uts1", "destroyed net1 gone last 42", "destroyed uts1 gone last 42");
  }

  @Test
  void scanTellsWhatWasLost() throws IOException {
    begin();
    host.fork(1, 42, NET);
    lose();
    scan();
    tells("created net1 by 42", "joined 42 net1");
    host.unshare(42, UTS);
    lose();
    host.exit(42);
    deliver();
    rest();
    tells("left 42 net1", "destroyed net1 gone last 42");
    isTrue();
  }

  @Test
  void scanDoesNotTellAgainWhatWasReported() throws IOException {
    begin();
    host.fork(1, 42, NET);
    deliver();
    scan();
    tells("created net1 by 42", "joined 42 net1 by fork");
  }

  @Test
  void exitThatWasLostIsToldWithTheNextForkOfThePid() throws IOException {
    host.fork(1, 42, NET);
    host.open(1, 5, "net1");
    begin();
    host.exit(42);
    lose();
    advance(Duration.ofSeconds(1));
    host.fork(1, 42, UTS);
    deliver();
    tells("left 42 net1", "created uts1 by 42", "joined 42 uts1 by fork");
    isTrue();
  }

  @Test
  void exitThatWasLostIsToldWithTheForkOfAHostProcessToo() throws IOException {
    host.fork(1, 42, NET);
    host.open(1, 5, "net1");
    begin();
    host.exit(42);
    lose();
    advance(Duration.ofSeconds(1));
    host.follow(1);
    host.fork(1, 42);
    deliver();
    tells("left 42 net1");
    isTrue();
  }

  @Test
  void exitOfAProcessThatIsNotKnownSaysNothing() throws IOException {
    begin();
    host.fork(1, 42);
    host.follow(42);
    host.exit(42);
    rest();
    tells();
  }

  @Test
  void batchIsToldInItsOrder() throws IOException {
    begin();
    host.fork(1, 42, USER, PID, MNT);
    host.fork(42, 43, NET);
    host.fork(43, 44);
    host.exit(43);
    host.setns(44, "net:init");
    deliver();
    assertEquals(
        List.of("created", "created", "created", "joined", "created", "joined", "joined", "left"),
        told().stream().limit(8).map(line -> line.substring(0, line.indexOf(' '))).toList());
    rest();
    isTrue();
  }

  @Test
  void nothingIsHeldOfAHostThatWasQuiet() throws IOException {
    begin();
    rest();
    tells();
    assertTrue(!subject.needsSearch());
    assertEquals(Long.MAX_VALUE, subject.settleDueNanos());
    assertEquals(Long.MAX_VALUE, subject.regroupDueNanos());
  }

  // ---- a source that names no namespaces: a record is a hint

  @Test
  void hintIsLookedAt() throws IOException {
    host.namesInodes = false;
    begin();
    host.fork(1, 42, NET);
    deliver();
    tells("created net1 by 42", "joined 42 net1");
    host.fork(42, 43);
    deliver();
    tells("joined 43 net1 by fork");
    host.unshare(42, UTS);
    host.exec(42, "sleep");
    deliver();
    tells("created uts1 by 42", "joined 42 net1 uts1<uts:init");
    host.exit(42);
    rest();
    tells("left 42 net1 uts1", "destroyed uts1 gone last 42");
    host.exit(43);
    rest();
    tells("left 43 net1", "destroyed net1 gone last 43");
    isTrue();
  }

  @Test
  void hintOfAProcessThatIsGoneSaysNothing() throws IOException {
    host.namesInodes = false;
    begin();
    host.fork(1, 42, NET);
    host.exit(42);
    rest();
    tells();
  }

  @Test
  void processIsLookedAtOnceInABatch() throws IOException {
    host.namesInodes = false;
    begin();
    host.fork(1, 42, NET);
    host.exec(42, "a");
    host.exec(42, "b");
    deliver();
    tells("created net1 by 42", "joined 42 net1");
    assertEquals(1, kernel.count("readlink /proc/42/exe"));
  }

  @Test
  void pidThatIsForkedAgainIsAnotherProcess() throws IOException {
    host.namesInodes = false;
    begin();
    host.fork(1, 42, NET);
    deliver();
    host.open(1, 5, "net1");
    host.exit(42);
    lose();
    advance(Duration.ofSeconds(1));
    host.fork(1, 42, UTS);
    deliver();
    tells(
        "created net1 by 42",
        "joined 42 net1",
        "left 42 net1",
        "created uts1 by 42",
        "joined 42 uts1");
  }

  @Test
  void childOfOneThatSendsItsChildrenElsewhereBeganThere() throws IOException {
    host.namesInodes = false;
    host.fork(1, 42);
    host.unshare(42, PID);
    begin();
    host.fork(42, 43);
    deliver();
    tells("joined 43 pid1 by fork");
  }

  @Test
  void tooManyHintsAskForAScan() throws IOException {
    host.namesInodes = false;
    begin();
    for (int pid = 1000; pid < 3001; pid++) {
      host.fork(1, pid);
    }
    deliver();
    assertTrue(subject.isOverrun());
    assertTrue(!subject.isOverrun(), "once");
    tells();
  }
}
