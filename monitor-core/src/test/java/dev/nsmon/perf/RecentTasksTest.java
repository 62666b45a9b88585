package dev.nsmon.perf;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

/// Names and parents are those that earlier records told, and none are guessed.
class RecentTasksTest {
  private static final long ALL = Long.MAX_VALUE - 1;

  private final FakeRing ring = new FakeRing();
  private final Told told = new Told(false);

  private List<String> told() {
    return told.of(ALL, ring);
  }

  private void follow() {
    told.sieve.follow(new int[0], 0);
  }

  @Test
  void aProcessIsCalledLikeTheThreadThatForkedIt() {
    ring.executed(10, 5, "containerd");
    ring.forked(20, 5, 6, 5);
    ring.renamed(30, 5, 6, "shim");
    ring.forkedBy(40, 7, 7, 5, 6);
    ring.forkedBy(50, 8, 8, 5, 5);
    ring.forkedBy(60, 9, 9, 5, 66);
    assertEquals(
        List.of(
            "10 5/5 executed, containerd",
            "20 5/6 forked by 5, containerd",
            "40 7/7 forked by 5, shim",
            "50 8/8 forked by 5, containerd",
            "60 9/9 forked by 5"),
        told());
  }

  @Test
  void namesAndParentsOfTheDismissedAreKnown() {
    follow();
    ring.forked(10, 5, 5, 1);
    ring.executed(20, 5, "a-name-of-15-by");
    ring.moved(30, 5, 5);
    assertEquals(List.of("30 5/5 moved, child of 1, a-name-of-15-by"), told());
  }

  @Test
  void whatWasForgottenIsUnknown() {
    follow();
    ring.forked(10, 5, 5, 1);
    ring.executed(20, 5, "sh");
    ring.lost(25, 3);
    ring.moved(30, 5, 5);
    assertEquals(List.of("30 5/5 moved, child of -1"), told());
    assertEquals(3, told.sieve.drainLost());
    assertEquals(0, told.sieve.drainLost());
  }

  @Test
  void whoTakesThePlaceOfAnotherTakesNothingElseOfIt() {
    follow();
    ring.forked(10, 5, 5, 1);
    ring.executed(20, 5, "sh");
    ring.renamed(25, 5 + (1 << 14), 5 + (1 << 14), "init");
    ring.moved(30, 5, 5);
    ring.moved(40, 5 + (1 << 14), 5 + (1 << 14));
    assertEquals(
        List.of("30 5/5 moved, child of -1", "40 16389/16389 moved, child of -1, init"), told());
  }

  @Test
  void aNameOfAnyBytesIsReadUpToItsEnd() {
    assertEquals("", RecentTasks.comm(0, -1));
    assertEquals("A", RecentTasks.comm(0x41, 0x42));
    assertEquals("�", RecentTasks.comm(0xff, 0));
    assertEquals("AAAAAAAA", RecentTasks.comm(0x4141414141414141L, 0));
    assertEquals("AAAAAAAABBBBBBBB", RecentTasks.comm(0x4141414141414141L, 0x4242424242424242L));
  }
}
