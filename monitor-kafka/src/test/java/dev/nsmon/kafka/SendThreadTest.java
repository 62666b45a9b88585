package dev.nsmon.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// One task after the other, none after one that failed, and all end with who waits for them.
final class SendThreadTest {
  private final List<String> done = new CopyOnWriteArrayList<>();
  private final SendThread thread = new SendThread("t");

  @AfterEach
  void close() {
    thread.close();
  }

  @Test
  void tasksAreDoneInOrder() throws IOException {
    for (int i = 0; i < 5; i++) {
      String name = "task " + i;
      CompletableFuture<?> _ = thread.submit(() -> done.add(name));
    }
    thread.await(thread.submit(() -> done.add("last")));
    assertEquals(List.of("task 0", "task 1", "task 2", "task 3", "task 4", "last"), done);
  }

  @Test
  void afterOneThatFailedThereIsNoOther() {
    CompletableFuture<?> first =
        thread.submit(
            () -> {
              throw new IOException("interrupted");
            });
    CompletableFuture<?> second = thread.submit(() -> done.add("second"));
    assertEquals(
        "interrupted", assertThrows(IOException.class, () -> thread.await(first)).getMessage());
    assertThrows(IOException.class, () -> thread.await(second));
    assertEquals(List.of(), done);
  }

  @Test
  void aBugIsToldAsItIs() {
    CompletableFuture<?> task =
        thread.submit(
            () -> {
              throw new IllegalArgumentException("a bug");
            });
    assertEquals(
        "a bug",
        assertThrows(IllegalArgumentException.class, () -> thread.await(task)).getMessage());
  }

  @Test
  void whoWaitsForOneThatIsNeverBegunIsTold() {
    thread.close();
    CompletableFuture<?> late = thread.submit(() -> done.add("late"));
    assertEquals("closed", assertThrows(IOException.class, () -> thread.await(late)).getMessage());
    assertEquals(List.of(), done);
  }

  @Test
  void anInterruptOfWhoWaitsEndsTheTask() throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    Thread waiting = Thread.currentThread();
    CompletableFuture<?> task =
        thread.submit(
            () -> {
              begun.countDown();
              try {
                new CountDownLatch(1).await();
              } catch (InterruptedException e) {
                done.add("interrupted");
                throw new IOException("interrupted", e);
              }
            });
    assertTrue(begun.await(20, TimeUnit.SECONDS));
    waiting.interrupt();
    assertEquals(
        "interrupted", assertThrows(IOException.class, () -> thread.await(task)).getMessage());
    assertTrue(Thread.interrupted());
    assertEquals(List.of("interrupted"), done);
  }
}
