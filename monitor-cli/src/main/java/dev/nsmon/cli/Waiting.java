package dev.nsmon.cli;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Waits for a task that writes to stdout on another thread. Main thread only.
final class Waiting {
  /// Pause between calls of `over`.
  private static final long AGAIN_MILLIS = 200;

  private Waiting() {}

  /// Waits until the task has ended or the reader of stdout has closed its pipe.
  ///
  /// @param ending completes when the task has ended
  /// @param duration null for no limit
  /// @param over stops the task. Called when the duration has passed, then every 200 ms until the
  ///   task has ended. What was observed is still written, however slow the reader is; only a
  ///   signal ends that earlier.
  /// @return empty if the reader is gone
  static <T> Optional<T> await(CompletableFuture<T> ending, Duration duration, Runnable over)
      throws InterruptedException, ExecutionException {
    CompletableFuture<Void> readerGone = new CompletableFuture<>();
    // A thread that blocks in poll(2): checking at intervals would wake an idle host.
    Thread.ofPlatform().daemon().name("stdout-reader").start(() -> awaitLoss(readerGone));
    CompletableFuture<Object> either = CompletableFuture.anyOf(ending, readerGone);
    long waitMillis = duration == null ? Long.MAX_VALUE : Math.max(0, duration.toMillis());
    while (true) {
      try {
        either.get(waitMillis, TimeUnit.MILLISECONDS);
        return ending.isDone() ? Optional.of(ending.get()) : Optional.empty();
      } catch (TimeoutException e) {
        over.run();
        waitMillis = AGAIN_MILLIS;
      }
    }
  }

  private static void awaitLoss(CompletableFuture<Void> readerGone) {
    if (Terminal.awaitLostReader()) {
      readerGone.complete(null);
    }
  }
}
