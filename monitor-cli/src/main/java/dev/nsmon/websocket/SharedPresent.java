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

/// State of the host, shared by requests that come at about the same time. At most once a second
/// the monitor is queried, and by one query at a time. Any thread.
final class SharedPresent {
  private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Supplier<Present> present;
  private final HostClock clock;

  /// Latest query, which may not be answered yet; null before the first. Guarded by this object.
  private CompletableFuture<Present> asked;

  /// When it began, by the monotonic clock.
  private long askedNanos;

  /// @param present queries the monitor; blocks until it answers
  SharedPresent(Supplier<Present> present, HostClock clock) {
    this.clock = clock;
    this.present = present;
  }

  /// The state; empty if the monitor does not answer within this time.
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
    // A query that is not answered yet is shared, however old it is.
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
