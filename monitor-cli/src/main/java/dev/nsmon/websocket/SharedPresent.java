package dev.nsmon.websocket;

import dev.nsmon.log.Present;
import dev.nsmon.namespace.HostClock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/// The state of the host for all who ask at about the same time: the monitor is asked at most once
/// a second. Any thread may ask.
final class SharedPresent {
  private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Supplier<Present> present;
  private final HostClock clock;

  /// What was asked last; null if nothing was.
  private CompletableFuture<Present> asked;

  private long askedNanos;

  /// @param present asks the monitor, and waits for it
  SharedPresent(Supplier<Present> present, HostClock clock) {
    this.clock = clock;
    this.present = present;
  }

  /// Empty if the monitor does not answer in that time.
  Optional<Present> within(Duration patience) throws InterruptedException {
    try {
      return Optional.of(ask().get(patience.toNanos(), TimeUnit.NANOSECONDS));
    } catch (TimeoutException e) {
      return Optional.empty();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  private synchronized CompletableFuture<Present> ask() {
    long now = clock.nanoTime();
    // Whoever comes while a question is open gets the answer that it gets.
    if (asked == null || (asked.isDone() && now - askedNanos > FRESH_NANOS)) {
      askedNanos = now;
      asked = answer();
    }
    return asked;
  }

  private CompletableFuture<Present> answer() {
    CompletableFuture<Present> answer = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                answer.complete(present.get());
              } catch (RuntimeException | Error e) {
                answer.completeExceptionally(e);
              }
            });
    return answer;
  }
}
