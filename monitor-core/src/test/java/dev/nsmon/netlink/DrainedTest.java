package dev.nsmon.netlink;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.nsmon.push.Inodes;
import dev.nsmon.push.KernelRecord;
import dev.nsmon.push.KernelRecord.Executed;
import dev.nsmon.push.KernelRecord.Exited;
import dev.nsmon.push.KernelRecord.Forked;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// What is handed over and what is dismissed. Process 1 is never followed, 50 is.
class DrainedTest {
  private final Drained drained = new Drained();

  private static Forked forked(long nanos, int pid, int tid, int parent) {
    return new Forked(nanos, pid, tid, parent, "", Inodes.NONE);
  }

  private static Executed executed(long nanos, int pid) {
    return new Executed(nanos, pid, pid, "");
  }

  private static Exited exited(long nanos, int pid) {
    return new Exited(nanos, pid, pid);
  }

  private void assertTaken(KernelRecord... records) {
    assertEquals(List.of(records), drained.take());
  }

  @Test
  void beforeAnybodyIsFollowedEverythingIsHandedOver() {
    drained.forked(1, 10, 10, 1);
    drained.forked(2, 10, 11, 1);
    drained.executed(3, 10, 10);
    drained.exited(4, 10, 11);
    drained.exited(5, 10, 10);
    assertTaken(
        forked(1, 10, 10, 1),
        forked(2, 10, 11, 10),
        executed(3, 10),
        new Exited(4, 10, 11),
        exited(5, 10));
    assertTaken();
  }

  @Test
  void recordsAreSortedAndThoseOfOneTimeStayAsTheyCame() {
    drained.forked(5, 10, 10, 1);
    drained.forked(7, 11, 11, 1);
    drained.forked(5, 12, 12, 1);
    drained.forked(1, 13, 13, 1);
    drained.forked(6, 14, 14, 1);
    assertTaken(
        forked(1, 13, 13, 1),
        forked(5, 10, 10, 1),
        forked(5, 12, 12, 1),
        forked(6, 14, 14, 1),
        forked(7, 11, 11, 1));
  }

  @Test
  void noRecordIsOlderThanWhatWasHandedOver() {
    drained.forked(5, 10, 10, 1);
    assertTaken(forked(5, 10, 10, 1));
    drained.until(8);
    drained.forked(7, 11, 11, 1);
    drained.forked(9, 12, 12, 1);
    assertTaken(forked(8, 11, 11, 1), forked(9, 12, 12, 1));
    drained.until(6);
    drained.forked(8, 13, 13, 1);
    assertTaken(forked(9, 13, 13, 1));
  }

  @Test
  void aStormIsSortedHoweverMuchHasComeBefore() {
    Random random = new Random(1);
    List<KernelRecord> expected = new ArrayList<>();
    for (int drain = 0; drain < 3; drain++) {
      long begin = drain * 100_000L;
      List<Integer> order = new ArrayList<>(IntStream.range(0, 1000).boxed().toList());
      for (int i = 0; i + 10 <= order.size(); i += 10) {
        Collections.shuffle(order.subList(i, i + 10), random);
      }
      for (int i : order) {
        drained.forked(begin + i, 1000 + i, 1000 + i, 1);
      }
      expected.clear();
      for (int i = 0; i < order.size(); i++) {
        expected.add(forked(begin + i, 1000 + i, 1000 + i, 1));
      }
      assertEquals(expected, drained.take(), "drain " + drain);
    }
  }

  @Nested
  class WhenSomebodyIsFollowed {
    {
      drained.follow(new int[] {50});
      drained.take();
    }

    @Test
    void processThatLivedWithinTheDrainIsDismissed() {
      drained.forked(1, 10, 10, 1);
      drained.executed(2, 10, 10);
      drained.forked(3, 20, 20, 10);
      drained.exited(4, 10, 10);
      assertTaken(forked(3, 20, 20, 10));
    }

    @Test
    void exitIsToldOfWhoWasTold() {
      drained.forked(1, 10, 10, 1);
      assertTaken(forked(1, 10, 10, 1));
      drained.executed(2, 11, 11);
      assertTaken(executed(2, 11));
      drained.exited(3, 10, 10);
      drained.exited(4, 11, 11);
      drained.exited(5, 12, 12);
      assertTaken(exited(3, 10), exited(4, 11));
      drained.exited(6, 10, 10);
      assertTaken();
    }

    @Test
    void exitIsNotToldOfADismissedOne() {
      drained.forked(1, 10, 10, 1);
      drained.executed(2, 10, 10);
      drained.exited(3, 10, 10);
      assertTaken();
      drained.exited(4, 10, 10);
      assertTaken();
    }

    @Test
    void threadsAreDismissed() {
      drained.forked(1, 10, 11, 1);
      drained.exited(2, 10, 11);
      assertTaken();
      drained.forked(3, 20, 20, 1);
      drained.forked(4, 20, 21, 1);
      drained.exited(5, 20, 21);
      assertTaken(forked(3, 20, 20, 1));
    }

    @Test
    void processLivesWhileAThreadOfItDoes() {
      drained.forked(1, 10, 10, 1);
      drained.forked(2, 10, 11, 1);
      drained.exited(3, 10, 10);
      assertTaken(forked(1, 10, 10, 1), exited(3, 10));
      drained.forked(4, 20, 20, 1);
      drained.forked(5, 20, 21, 1);
      drained.exited(6, 20, 20);
      drained.exited(7, 20, 21);
      assertTaken();
    }

    @Test
    void threadThatExecutesTakesTheMainOnesPlace() {
      drained.forked(1, 10, 10, 1);
      drained.forked(2, 10, 11, 1);
      drained.exited(3, 10, 10);
      drained.executed(4, 10, 10);
      assertTaken(forked(1, 10, 10, 1), exited(3, 10), executed(4, 10));
      drained.exited(5, 10, 10);
      assertTaken(exited(5, 10));
    }

    @Test
    void pidUsedTwiceInADrainIsTwoProcesses() {
      drained.forked(1, 10, 10, 1);
      drained.exited(2, 10, 10);
      drained.forked(3, 10, 10, 1);
      assertTaken(forked(3, 10, 10, 1));
      drained.exited(4, 10, 10);
      drained.forked(5, 10, 10, 1);
      drained.exited(6, 10, 10);
      assertTaken(exited(4, 10));
    }

    @Test
    void followedIsToldAllOf() {
      drained.forked(1, 50, 51, 1);
      drained.executed(2, 50, 50);
      drained.exited(3, 50, 51);
      drained.exited(4, 50, 50);
      drained.exited(5, 50, 52);
      assertTaken(
          forked(1, 50, 51, 50),
          executed(2, 50),
          new Exited(3, 50, 51),
          exited(4, 50),
          new Exited(5, 50, 52));
    }

    @Test
    void childrenOfTheFollowedAreFollowed() {
      drained.forked(1, 60, 60, 50);
      drained.forked(2, 70, 70, 60);
      drained.forked(3, 70, 71, 60);
      drained.exited(4, 70, 71);
      drained.exited(5, 70, 70);
      drained.exited(6, 60, 60);
      assertTaken(
          forked(1, 60, 60, 50),
          forked(2, 70, 70, 60),
          forked(3, 70, 71, 70),
          new Exited(4, 70, 71),
          exited(5, 70),
          exited(6, 60));
    }

    @Test
    void whoGetsThePidOfAFollowedOneIsNotFollowed() {
      drained.exited(1, 50, 50);
      assertTaken(exited(1, 50));
      drained.forked(2, 50, 50, 1);
      drained.forked(3, 50, 51, 1);
      drained.exited(4, 50, 51);
      drained.exited(5, 50, 50);
      assertTaken();
    }

    @Test
    void followedBeforeItsForkIsRead() {
      drained.exited(1, 60, 60);
      assertTaken();
      drained.follow(new int[] {60});
      drained.forked(2, 60, 60, 1);
      drained.forked(3, 60, 61, 1);
      assertTaken(forked(2, 60, 60, 1), forked(3, 60, 61, 60));
    }

    @Test
    void followedAgainBeforeItsForkIsReadInALaterDrain() {
      drained.exited(1, 50, 50);
      assertTaken(exited(1, 50));
      drained.follow(new int[] {50});
      assertTaken();
      drained.forked(2, 50, 50, 1);
      drained.forked(3, 50, 51, 1);
      assertTaken(forked(2, 50, 50, 1), forked(3, 50, 51, 50));
    }

    @Test
    void aLostExitEndsNoFollowing() {
      drained.forked(1, 60, 60, 50);
      drained.exited(2, 60, 60);
      drained.forked(3, 60, 60, 50);
      drained.take();
      // The exit of that one was lost.
      drained.forked(4, 60, 60, 1);
      drained.forked(5, 60, 61, 1);
      assertTaken(forked(4, 60, 60, 1), forked(5, 60, 61, 60));
    }

    @Test
    void followedBeforeTheExitOfItsPidsLastOwnerIsRead() {
      drained.follow(new int[] {50});
      drained.exited(1, 50, 50);
      drained.forked(2, 50, 50, 1);
      assertTaken(exited(1, 50), forked(2, 50, 50, 1));
      drained.forked(3, 50, 51, 1);
      assertTaken(forked(3, 50, 51, 50));
    }
  }
}
