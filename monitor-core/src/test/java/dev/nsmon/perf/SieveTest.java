package dev.nsmon.perf;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.nsmon.namespace.NamespaceType;
import dev.nsmon.push.Inodes;
import dev.nsmon.push.KernelRecord;
import dev.nsmon.push.KernelRecord.Forked;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What can't be news is dismissed, and nothing else.
class SieveTest {
  private static final long ALL = Long.MAX_VALUE - 1;
  private static final long[] AWAY = FakeRing.but(1, 99);

  private final FakeRing ring = new FakeRing();
  private final FakeRing other = new FakeRing();
  private final Told told = new Told(false);

  private List<String> told() {
    return told.of(ALL, ring, other);
  }

  private void follow(int... pids) {
    told.sieve.follow(pids, 0);
  }

  @ParameterizedTest
  @CsvSource({"0,NET", "1,UTS", "2,IPC", "3,PID", "4,USER", "5,MNT", "6,CGROUP"})
  void eachInodeIsThatOfItsType(int place, NamespaceType type) {
    follow();
    ring.forked(10, 5, 5, 1, FakeRing.but(place, 99));
    Forked forked = (Forked) told.records(ALL, ring).getFirst();
    for (NamespaceType any : NamespaceType.values()) {
      long expected = any == NamespaceType.TIME ? 0 : Told.initial().of(any);
      assertEquals(any == type ? 99 : expected, forked.inodes().of(any), any.kernelName());
    }
  }

  @Test
  void namespacesOfALaterKernelAreIgnoredAndThoseOfAnEarlierOneUnknown() {
    follow();
    ring.forked(10, 5, 5, 1, 11, 12, 13, 14, 15, 16, 17, 77, 78);
    ring.forked(20, 6, 6, 1, 11, 12);
    assertEquals(List.of(), told());
    ring.forked(30, 7, 7, 1, 11, 99);
    Forked forked = (Forked) told.records(ALL, ring).getFirst();
    long[] known = new long[8];
    known[NamespaceType.NET.ordinal()] = 11;
    known[NamespaceType.UTS.ordinal()] = 99;
    assertEquals(new Inodes(known), forked.inodes());
  }

  @Test
  void untilItIsToldWhomToFollowItDismissesNothing() {
    everyKind();
    assertEquals(5, told().size());
    follow();
    everyKind();
    assertEquals(List.of(), told());
  }

  @Test
  void whoWantsEverythingGetsIt() {
    Told all = new Told(true);
    all.sieve.follow(new int[0], 0);
    everyKind();
    assertEquals(5, all.of(ALL, ring).size());
  }

  /// All that a process does that stays where it is.
  private void everyKind() {
    ring.forked(10, 5, 5, 1);
    ring.executed(11, 5, "sh");
    ring.forked(12, 5, 6, 5);
    ring.renamed(13, 5, 6, "worker");
    ring.exited(14, 5, 6);
    ring.exited(15, 5, 5);
  }

  @Test
  void whoBeginsElsewhereIsFollowedToItsEnd() {
    follow();
    ring.forked(10, 5, 5, 1, AWAY);
    ring.executed(11, 5, "sh");
    ring.forked(12, 5, 6, 5, AWAY);
    ring.exited(13, 5, 5);
    ring.exited(14, 5, 6);
    assertEquals(
        List.of(
            "10 5/5 forked by 1",
            "11 5/5 executed, sh",
            "12 5/6 forked by 5, sh",
            "13 5/5 exited",
            "14 5/6 exited"),
        told());
  }

  @Test
  void whoMovesIsToldAndFollowedEvenWhereNoInodeSaysSo() {
    follow();
    ring.forked(10, 5, 5, 1);
    ring.moved(20, 5, 5);
    ring.exited(30, 5, 5);
    assertEquals(List.of("20 5/5 moved, child of 1", "30 5/5 exited"), told());
  }

  @Test
  void aThreadThatMovesHasItsProcessFollowed() {
    follow();
    ring.moved(10, 5, 6);
    ring.exited(20, 5, 6);
    ring.exited(30, 5, 5);
    assertEquals(List.of("10 5/6 moved, child of -1", "20 5/6 exited", "30 5/5 exited"), told());
  }

  @Test
  void aThreadThatBeginsElsewhereHasItsProcessFollowed() {
    follow();
    ring.forkedBy(10, 5, 6, 5, 7, AWAY);
    ring.exited(20, 5, 5);
    assertEquals(List.of("10 5/6 forked by 5", "20 5/5 exited"), told());
  }

  @Test
  void theChildrenOfWhoIsFollowedAreFollowed() {
    follow(5);
    ring.forked(10, 6, 6, 5);
    ring.forked(20, 7, 7, 6);
    ring.exited(30, 7, 7);
    assertEquals(List.of("10 6/6 forked by 5", "20 7/7 forked by 6", "30 7/7 exited"), told());
  }

  @Test
  void aChildIsJudgedAfterWhatItsParentDidOnAnotherCpu() {
    follow();
    other.moved(10, 5, 5);
    ring.forked(20, 6, 6, 5);
    other.forked(30, 7, 7, 6);
    ring.exited(40, 7, 7);
    assertEquals(
        List.of(
            "10 5/5 moved, child of -1",
            "20 6/6 forked by 5",
            "30 7/7 forked by 6",
            "40 7/7 exited"),
        told());
  }

  @Test
  void aPidThatIsHandedOutAgainIsJudgedAnew() {
    follow(5);
    ring.forked(10, 5, 5, 1);
    ring.exited(20, 5, 5);
    assertEquals(List.of(), told());
  }

  @Test
  void whatWasSaidAfterTheForkIsAboutThatProcess() {
    told.sieve.follow(new int[] {5}, 15);
    ring.forked(10, 5, 5, 1);
    ring.exited(20, 5, 5);
    assertEquals(List.of("20 5/5 exited"), told());
    ring.forked(30, 5, 5, 1);
    ring.exited(40, 5, 5);
    assertEquals(List.of(), told());
  }

  @Test
  void whatWasSaidAtTheTimeOfTheForkIsAboutAnEarlierProcess() {
    told.sieve.follow(new int[] {5, 6}, 15);
    ring.forked(15, 5, 5, 1);
    // Two that are dismissed, one after the other, take the short way.
    ring.forked(15, 6, 6, 1);
    ring.exited(20, 5, 5);
    ring.exited(21, 6, 6);
    assertEquals(List.of(), told());
  }

  @Test
  void aThreadThatIsNamedLikeNoProcessDoesNotEndTheFollowing() {
    follow(5);
    ring.forked(10, 5, 6, 5);
    ring.exited(20, 5, 6);
    ring.exited(30, 5, 5);
    assertEquals(3, told().size());
  }

  @Test
  void aPidOfTheHighestKindIsFollowed() {
    int highest = (1 << 22) - 1;
    follow(highest);
    ring.exited(10, highest, highest);
    ring.exited(20, highest - 64, highest - 64);
    assertEquals(List.of("10 4194303/4194303 exited"), told());
  }

  @Test
  void whatHasNoPidIsNobody() {
    ring.forked(10, 0, 0, 1);
    ring.moved(11, 0, 0);
    ring.exited(15, 0, 0);
    ring.exited(20, -1, -1);
    assertEquals(List.of(), told());
    follow(0, -1);
    ring.exited(30, -1, -1);
    assertEquals(List.of(), told());
  }

  /// One CPU has recorded for a while before the other does.
  @Test
  void ofWhatWasBeforeAllRecordedOnlyExitsAreToldAndNamesKept() {
    told.sieve.since(20);
    ring.exited(8, 4, 4);
    ring.executed(9, 5, "sh");
    ring.forked(10, 6, 6, 5, AWAY);
    ring.moved(19, 8, 8);
    ring.forked(20, 7, 7, 5, AWAY);
    other.exited(21, 6, 6);
    assertEquals(List.of("8 4/4 exited", "20 7/7 forked by 5, sh", "21 6/6 exited"), told());
  }

  @Test
  void eachRecordIsCountedOnceWhetherItIsToldOrDismissed() {
    follow(5);
    for (int pid = 10; pid < 20; pid++) {
      ring.forked(pid, pid, pid, 1);
      ring.exited(pid, pid, pid);
    }
    ring.exited(20, 5, 5);
    ring.lost(21, 3);
    assertEquals(1, told().size());
    assertEquals(32, told.sieve.taken());
    assertEquals(3, told.sieve.drainLost());
    assertEquals(0, told.sieve.drainLost());
    told.sieve.begin(30);
    assertEquals(0, told.sieve.taken());
  }

  @Test
  void theRecordsOfOneDrainAreNotToldInTheNext() {
    ring.exited(10, 5, 5);
    List<KernelRecord> first = told.records(ALL, ring);
    ring.exited(20, 6, 6);
    assertEquals(1, told.records(ALL, ring).size());
    assertEquals(1, first.size());
  }
}
