package dev.nsmon.cli;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Waits for what writes to stdout on another thread. Main thread only.
final class Waiting {
  /// A pipe tells only by being asked that nobody reads it any more.
  private static final long POLL_MILLIS = 200;

  private Waiting() {}

  /// Waits for its end, or for the reader of stdout to go: then it is empty.
  ///
  /// @param duration null for no end
  /// @param over called when that is over, and again until the end: what was seen is still written,
  ///   however slow the reader, for only a signal cuts that short
  static <T> Optional<T> await(CompletableFuture<T> ending, Duration duration, Runnable over)
      throws InterruptedException, ExecutionException {
    long deadline =
        System.nanoTime() + (duration == null ? Long.MAX_VALUE / 2 : duration.toNanos());
    while (true) {
      long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      if (left <= 0) {
        over.run();
      }
      try {
        return Optional.of(
            ending.get(
                left <= 0 ? POLL_MILLIS : Math.min(left, POLL_MILLIS), TimeUnit.MILLISECONDS));
      } catch (TimeoutException e) {
        if (Terminal.hasLostReader()) {
          return Optional.empty();
        }
      }
    }
  }
}
