package dev.nsmon.cli;

import dev.nsmon.kafka.KafkaTail;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// `nsmon watch --from`: follows a topic until stdout has had enough, or nobody reads it.
final class FleetWatch {
  /// How often stdout is asked whether anybody reads it.
  private static final long POLL_MILLIS = 200;

  /// How long a signal waits for a write that is blocked.
  private static final Duration FLUSH = Duration.ofMillis(1500);

  private final CompletableFuture<Optional<IOException>> ending = new CompletableFuture<>();
  private final Thread thread;

  FleetWatch(KafkaTail tail, FleetSink sink) {
    thread = Thread.ofPlatform().daemon().name("kafka").unstarted(() -> follow(tail, sink));
  }

  private void follow(KafkaTail tail, FleetSink sink) {
    try {
      tail.run(sink);
      ending.complete(Optional.empty());
    } catch (IOException e) {
      ending.complete(Optional.of(e));
    } catch (InterruptedException e) {
      ending.complete(Optional.empty());
    } catch (RuntimeException | Error e) {
      ending.completeExceptionally(e);
    }
  }

  /// Runs it; the exit code.
  ///
  /// @param duration null for no end
  int run(Duration duration) throws InterruptedException, ExecutionException {
    Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(this::stop));
    thread.start();
    long deadline =
        System.nanoTime() + (duration == null ? Long.MAX_VALUE / 2 : duration.toNanos());
    while (!ending.isDone() && !Terminal.hasLostReader()) {
      long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      if (left <= 0) {
        // What has come is still written, however slow the reader: only a signal cuts that short.
        thread.interrupt();
      }
      try {
        ending.get(left <= 0 ? POLL_MILLIS : Math.min(left, POLL_MILLIS), TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        // The reader is asked again.
      }
    }
    Optional<IOException> failure = ending.getNow(Optional.empty());
    return failure.map(Output::writeFailure).orElse(ExitCode.DONE);
  }

  private void stop() {
    thread.interrupt();
    try {
      thread.join(FLUSH);
    } catch (InterruptedException e) {
      // The machine ends, and this with it.
    }
  }
}
