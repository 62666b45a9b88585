package dev.nsmon.cli;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Waits for what writes to stdout on another thread. Main thread only.
final class Waiting {
  /// How long to wait for an end that has been asked for, before asking again.
  private static final long AGAIN_MILLIS = 200;

  private Waiting() {}

  /// Waits for its end, or for the reader of stdout to go: then it is empty.
  ///
  /// @param duration null for no end
  /// @param over called when that is over, and again until the end: what was seen is still written,
  ///   however slow the reader, for only a signal cuts that short
  static <T> Optional<T> await(CompletableFuture<T> ending, Duration duration, Runnable over)
      throws InterruptedException, ExecutionException {
    CompletableFuture<Void> readerGone = new CompletableFuture<>();
    // A thread that is in poll(2) for good: to ask now and then would wake an idle host for
    // nothing.
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
