package dev.nsmon.monitor;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nsmon.push.KernelRecord;
import dev.nsmon.push.KernelRecord.Exited;
import dev.nsmon.push.Push;
import dev.nsmon.push.Push.Batch;
import dev.nsmon.push.Push.Down;
import dev.nsmon.push.Push.Lost;
import dev.nsmon.push.Push.Up;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;

/// What a source says is taken in order, all of it or with the count of what is missing.
class InboxTest {
  private static final int MOST = 200_000;
  private static final long LONG = Duration.ofMinutes(1).toNanos();

  private final Inbox inbox = new Inbox();

  private static Batch batch(int records, long until) {
    KernelRecord record = new Exited(until, 7, 7);
    return new Batch(Collections.nCopies(records, record), until);
  }

  private static ConditionFactory soon() {
    return await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(5));
  }

  private List<Push> take() throws InterruptedException {
    return inbox.take(0);
  }

  /// Takes on a thread of its own, which waits by the time this returns.
  private CompletableFuture<List<Push>> taking(Thread[] waiter) {
    CompletableFuture<List<Push>> taken = new CompletableFuture<>();
    waiter[0] =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    taken.complete(inbox.take(LONG));
                  } catch (InterruptedException e) {
                    taken.completeExceptionally(e);
                  }
                });
    soon().until(() -> waiter[0].getState() == Thread.State.TIMED_WAITING);
    return taken;
  }

  private static List<Push> within10s(CompletableFuture<List<Push>> taken) {
    soon().atMost(Duration.ofSeconds(10)).until(taken::isDone);
    return taken.join();
  }

  @Test
  void allIsTakenInTheOrderInWhichItWasSaid() throws InterruptedException {
    List<Push> said =
        List.of(
            batch(1, 10),
            new Lost(OptionalLong.of(3)),
            batch(2, 20),
            new Down("why"),
            new Up(),
            batch(1, 30));
    said.forEach(inbox::put);
    assertEquals(said, take());
    assertEquals(List.of(), take());
  }

  @Test
  void emptyBatchesOnlyMoveTheTimeOfTheBatchBefore() throws InterruptedException {
    inbox.put(batch(1, 10));
    inbox.put(batch(0, 20));
    inbox.put(batch(0, 30));
    assertEquals(List.of(new Batch(batch(1, 10).records(), 30)), take());
    for (int i = 1; i <= 1000; i++) {
      inbox.put(batch(0, i));
    }
    assertEquals(List.of(batch(0, 1000)), take());
  }

  @Test
  void emptyBatchDoesNotMoveTheTimeAcrossWhatIsNoBatch() throws InterruptedException {
    List<Push> said =
        List.of(batch(1, 10), new Lost(OptionalLong.empty()), batch(0, 20), batch(1, 30));
    said.forEach(inbox::put);
    assertEquals(said, take());
  }

  @Test
  void whatDoesNotFitIsDroppedAndToldToBeLost() throws InterruptedException {
    inbox.put(batch(MOST - 1, 10));
    inbox.put(batch(1, 20));
    inbox.put(batch(1, 30));
    inbox.put(batch(5, 40));
    assertEquals(List.of(batch(MOST - 1, 10), batch(1, 20), new Lost(OptionalLong.of(6))), take());
  }

  @Test
  void batchThatNeverFitsIsToldToBeLost() throws InterruptedException {
    inbox.put(batch(MOST + 1, 10));
    assertEquals(List.of(new Lost(OptionalLong.of(MOST + 1))), take());
  }

  @Test
  void thereIsRoomAgainWhenAllWasTaken() throws InterruptedException {
    inbox.put(batch(MOST, 10));
    inbox.put(batch(1, 20));
    take();
    inbox.put(batch(MOST, 30));
    assertEquals(List.of(batch(MOST, 30)), take());
  }

  @Test
  void fullInboxStillTakesWhatIsNoRecord() throws InterruptedException {
    inbox.put(batch(MOST, 10));
    inbox.put(new Down("why"));
    inbox.put(batch(0, 20));
    assertEquals(List.of(batch(MOST, 10), new Down("why"), batch(0, 20)), take());
  }

  @Test
  void whatIsSaidEndsAWait() {
    CompletableFuture<List<Push>> taken = taking(new Thread[1]);
    inbox.put(new Up());
    assertEquals(List.of(new Up()), within10s(taken));
  }

  @Test
  void whatIsDroppedEndsAWait() {
    CompletableFuture<List<Push>> taken = taking(new Thread[1]);
    inbox.put(batch(MOST + 1, 10));
    assertEquals(List.of(new Lost(OptionalLong.of(MOST + 1))), within10s(taken));
  }

  @Test
  void wakeEndsAWaitAlsoOneThatHasNotBegun() throws InterruptedException {
    CompletableFuture<List<Push>> taken = taking(new Thread[1]);
    inbox.wake();
    assertEquals(List.of(), within10s(taken));
    inbox.wake();
    assertEquals(List.of(), inbox.take(LONG));
  }

  @Test
  void waitEndsWithItsTime() throws InterruptedException {
    long began = System.nanoTime();
    assertEquals(List.of(), inbox.take(2_000_000));
    assertTrue(System.nanoTime() - began >= 2_000_000);
    assertEquals(List.of(), inbox.take(-1));
  }

  @Test
  void interruptEndsAWait() {
    Thread[] waiter = new Thread[1];
    CompletableFuture<List<Push>> taken = taking(waiter);
    waiter[0].interrupt();
    soon().until(taken::isCompletedExceptionally);
  }

  @Test
  void sourceAndMonitorNeedNotWaitForEachOther() throws InterruptedException {
    int batches = 20_000;
    Thread source =
        Thread.ofPlatform()
            .start(
                () -> {
                  for (int i = 1; i <= batches; i++) {
                    inbox.put(batch(1, i));
                  }
                });
    List<Long> times = new ArrayList<>();
    while (times.size() < batches) {
      for (Push push : inbox.take(LONG)) {
        times.add(((Batch) push).untilNanos());
      }
    }
    source.join();
    assertEquals(times.stream().sorted().distinct().toList(), times);
  }
}
