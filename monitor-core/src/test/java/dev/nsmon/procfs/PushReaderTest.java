package dev.nsmon.procfs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nsmon.event.NamespaceEvent;
import dev.nsmon.event.NamespaceEvent.Created;
import dev.nsmon.event.NamespaceEvent.Destroyed;
import dev.nsmon.event.Source;
import dev.nsmon.namespace.Task;
import dev.nsmon.push.KernelRecord;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/// Records of processes that live so short that `/proc` can't be read of any.
class PushReaderTest extends PushFixture {

  @Test
  void forkIntoNewNamespacesMakesThemAndJoinsThem() throws IOException {
    begin();
    assertEquals(
        List.of(
            "created net:1.1 by 42", "created pid:2.1 by 42", "joined 42 net:1.1 pid:2.1 by fork"),
        apply(fork(42, 1, "net:1", "pid:2")));
  }

  @Test
  void forkIntoTheNamespacesOfTheParentJoinsThem() throws IOException {
    begin();
    apply(fork(42, 1, "net:1"));
    assertEquals(List.of("joined 43 net:1.1 by fork"), apply(fork(43, 42, "net:1")));
  }

  @Test
  void unshareMovesIntoWhatItMakes() throws IOException {
    begin();
    assertEquals(
        List.of("created uts:3.1 by 42", "joined 42 uts:3.1<uts:init by unshare"),
        apply(move(42, "uts:3")));
    assertEquals(
        List.of("created net:4.1 by 42", "joined 42 net:4.1<net:init uts:3.1 by unshare"),
        apply(move(42, "uts:3", "net:4")));
  }

  @Test
  void setnsMovesIntoWhatAnotherIsIn() throws IOException {
    begin();
    apply(fork(43, 1, "net:1", "uts:3"));
    assertEquals(List.of("joined 42 net:1.1<net:init by setns"), apply(move(42, "net:1")));
    assertEquals(
        List.of("joined 42 net:1.1 uts:3.1<uts:init by setns"), apply(move(42, "net:1", "uts:3")));
  }

  @Test
  void wayBackIsAMoveAndProvesNoEnd() throws IOException {
    begin();
    apply(move(42, "net:1"));
    assertFalse(follower().needsSearch());
    assertEquals(List.of("joined 42 net:init<net:1.1 by setns"), apply(move(42)));
    assertTrue(follower().needsSearch());
    assertEquals(List.of(), apply(exit(42)));
  }

  @Test
  void moveToWhereItIsSaysNothing() throws IOException {
    begin();
    assertEquals(List.of(), apply(move(42)));
    apply(move(42, "net:1"));
    assertEquals(List.of(), apply(move(42, "net:1")));
  }

  @Test
  void exitNamesWhereTheProcessWas() throws IOException {
    begin();
    apply(fork(42, 1, "net:1", "uts:3"));
    assertEquals(List.of("left 42 net:1.1 uts:3.1"), apply(exit(42)));
    assertEquals(List.of(), apply(exit(42)));
  }

  @Test
  void exitOfAProcessThatNobodyKnowsSaysNothing() throws IOException {
    begin();
    assertEquals(List.of(), apply(exit(42), exitThread(42, 70), exec(42, "sh")));
  }

  @Test
  void batchIsToldInItsOrder() throws IOException {
    begin();
    assertEquals(
        List.of(
            "created net:1.1 by 42",
            "joined 42 net:1.1 by fork",
            "created uts:3.1 by 43",
            "joined 43 uts:3.1<uts:init by unshare",
            "joined 43 net:1.1<net:init uts:3.1 by setns",
            "left 42 net:1.1",
            "left 43 net:1.1 uts:3.1"),
        apply(
            fork(42, 1, "net:1"),
            move(43, "uts:3"),
            move(43, "uts:3", "net:1"),
            exit(42),
            exit(43)));
  }

  @Test
  void inodeThatIsUsedAgainEndsTheNamespaceThatHadIt() throws IOException {
    begin();
    apply(fork(42, 1, "net:1"), exit(42));
    assertEquals(
        List.of(
            "destroyed net:1.1 inode-reused last 42",
            "created net:1.2 by 43",
            "joined 43 net:1.2 by fork"),
        apply(fork(43, 1, "net:1")));
  }

  @Test
  void inodeThatIsUsedAgainByAnotherTypeEndsTheNamespaceThatHadIt() throws IOException {
    begin();
    assertEquals(
        List.of(
            "created net:1.1 by 42",
            "joined 42 net:1.1<net:init by unshare",
            "joined 42 net:init<net:1.1 by setns",
            "destroyed net:1.1 inode-reused last 42",
            "created uts:1.2 by 42",
            "joined 42 uts:1.2<uts:init by unshare"),
        apply(move(42, "net:1"), move(42), move(42, "uts:1")));
  }

  @Test
  void otherTypeProvesTheEndWhoeverIsThoughtToBeAMember() throws IOException {
    begin();
    apply(fork(42, 1, "net:1"));
    assertEquals(
        List.of(
            "destroyed net:1.1 inode-reused", "created uts:1.2 by 43", "joined 43 uts:1.2 by fork"),
        apply(fork(43, 1, "uts:1")));
  }

  @Test
  void inodeThatAMemberHoldsIsNotUsedAgain() throws IOException {
    begin();
    apply(fork(42, 1, "net:1"), fork(43, 42, "net:1"), exit(42));
    assertEquals(
        List.of("joined 44 net:1.1<net:init by setns", "left 43 net:1.1"),
        apply(move(44, "net:1"), exit(43)));
  }

  @Test
  void namespaceWithoutMembersEndsWithTheSearchThatFindsNoHolder() throws IOException {
    begin();
    apply(fork(42, 1, "net:1"), exit(42));
    assertTrue(follower().needsSearch());
    follower().compare();
    assertEquals(
        List.of("destroyed net:1.1 no-holder last 42"), told(follower().search(), Source.POLL));
    assertFalse(follower().needsSearch());
  }

  @Test
  void secondProcessWithThePidEndsTheFirst() throws IOException {
    begin();
    apply(fork(42, 1, "net:1"));
    Task first = row(follower().present(), 42);
    assertEquals(
        List.of("left 42 net:1.1", "created uts:3.1 by 42", "joined 42 uts:3.1 by fork"),
        apply(fork(42, 1, "uts:3")));
    assertNotEquals(first.instance(), row(follower().present(), 42).instance());
  }

  @Test
  void hostProcessWithThePidEndsTheFirstToo() throws IOException {
    begin();
    apply(fork(42, 1, "net:1"));
    assertEquals(List.of("left 42 net:1.1"), apply(fork(42, 1)));
    assertEquals(
        List.of("created uts:3.1 by 42", "joined 42 uts:3.1<uts:init by unshare"),
        apply(move(42, "uts:3")));
  }

  @Test
  void forkOfAHostProcessSaysNothing() throws IOException {
    begin();
    assertEquals(List.of(), apply(fork(42, 1), exec(42, "sleep"), fork(43, 42), exit(42)));
    assertEquals(List.of(1), follower().present().tasks().stream().map(Task::pid).toList());
  }

  @Test
  void forkOfAHostProcessIsToldWhereAllAre() throws IOException {
    settings = settings.withDescribe(ScanSettings.Describe.ALL);
    begin();
    String all = " cgroup:init ipc:init mnt:init net:init pid:init time:init user:init uts:init";
    assertEquals(
        List.of("joined 42" + all + " by fork", "left 42" + all), apply(fork(42, 1), exit(42)));
  }

  @Test
  void recordsOlderThanWhatALookHasReadAreSkipped() throws IOException {
    begin();
    at(clock.nanoTime() - 10 * MILLI);
    KernelRecord[] old = {fork(42, 1), move(42, "net:1"), move(42, "uts:3"), exec(42, "x")};
    proc.process(42, LATER, Records.links("net:1"));
    assertEquals(List.of("created net:1.1 by 42", "joined 42 net:1.1"), lookAgain());
    proc.exit(42);
    assertEquals(List.of(), apply(old));
    assertEquals(List.of("net:4290000001.1"), fakes(follower().present()));
    at(clock.nanoTime());
    assertEquals(List.of("joined 42 net:init<net:1.1 by setns"), apply(move(42)));
  }

  @Test
  void timesAreThoseOfTheRecords() throws IOException {
    begin();
    KernelRecord[] batch = {
      fork(42, 1, "net:1"), move(42, "uts:3"), exit(42), fork(43, 1, "net:1")
    };
    apply(batch);
    List<Long> millis = new ArrayList<>();
    Instant first = events.getFirst().sighting().time();
    for (NamespaceEvent event : events) {
      assertEquals(Optional.empty(), event.sighting().notBefore());
      assertEquals(Source.PERF, event.sighting().source());
      millis.add(Duration.between(first, event.sighting().time()).toMillis());
    }
    // created, joined; created, joined; left; destroyed, created, joined
    assertEquals(List.of(0L, 0L, 1L, 1L, 2L, 3L, 3L, 3L), millis);
    assertEquals(NOW.plusMillis(1), first);
    assertEquals(OptionalLong.of(3), ((Destroyed) events.get(5)).lifetimeMillis());
    assertEquals(Optional.of(first), ((Created) events.getFirst()).namespace().created());
  }
}
