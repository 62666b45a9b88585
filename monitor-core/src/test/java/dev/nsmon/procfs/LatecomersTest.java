package dev.nsmon.procfs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// Whose control group is read again, and for how long. What is read then is in
/// `LateContainerTest`.
class LatecomersTest extends PushFixture {
  private boolean isWaitedFor() {
    return follower().regroupDueNanos() != Long.MAX_VALUE;
  }

  private void awaitRest() {
    while (isWaitedFor()) {
      clock.advance(Duration.ofNanos(follower().regroupDueNanos() - clock.nanoTime()));
      follower().regroup();
    }
  }

  @Test
  void whatIsThereAtFirstIsNotWaitedFor() throws IOException {
    proc.process(42, 100, "net:[1]");
    begin();
    assertTrue(!isWaitedFor());
  }

  @Test
  void hostsProcessesAreNotWaitedFor() throws IOException {
    begin();
    apply(fork(42, 1), exec(42, "sh"), exit(42));
    assertTrue(!isWaitedFor());
  }

  @Test
  void childIsWaitedForOnlyWhileItsParentIs() throws IOException {
    begin();
    apply(fork(42, 1, "net:1"));
    assertTrue(isWaitedFor());
    awaitRest();
    apply(fork(43, 42, "net:1"));
    assertTrue(!isWaitedFor());
    apply(move(43, "net:2"), fork(44, 43, "net:2"));
    assertTrue(isWaitedFor());
    apply(exit(42), exit(43), exit(44));
    awaitRest();
  }

  @Test
  void whoMovesOnWhileItIsWaitedForIsWaitedForOnceMore() throws IOException {
    begin();
    apply(fork(42, 1, "net:1"));
    Latecomers latecomers = follower().latecomers();
    apply(move(42, "net:2"));
    // Before it was read again at all, which is in time for this move too.
    latecomers.settle(latecomers.dueNanos());
    latecomers.settle(latecomers.dueNanos());
    assertEquals(0, latecomers.size());
    apply(move(42, "net:3"));
    latecomers.settle(latecomers.dueNanos());
    apply(move(42, "net:4"));
    latecomers.settle(latecomers.dueNanos());
    assertEquals(1, latecomers.size());
    latecomers.settle(latecomers.dueNanos());
    latecomers.settle(latecomers.dueNanos());
    assertEquals(0, latecomers.size());
  }

  @Test
  void noMoreAreWaitedForThanThereIsRoom() throws IOException {
    begin();
    for (int pid = 42; pid < 42 + 300; pid++) {
      apply(fork(pid, 1, "net:" + pid));
    }
    assertEquals(256, follower().latecomers().size());
    awaitRest();
    assertEquals(0, follower().latecomers().size());
  }
}
