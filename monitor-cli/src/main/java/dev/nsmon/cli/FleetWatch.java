package dev.nsmon.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/// `nsmon watch --from`: copies remote events to stdout until the limit is reached or the reader of
/// stdout is gone.
final class FleetWatch {
  /// How long the exit after a signal waits for a blocked write.
  private static final Duration FLUSH = Duration.ofMillis(1500);

  private final CompletableFuture<Integer> ending = new CompletableFuture<>();
  private final Thread thread;

  /// The source of events; an interrupt ends it.
  interface Tail {
    /// Copies events to stdout until the end.
    ///
    /// @throws IOException if stdout can't be written to
    /// @throws RemoteFault if the source can't be read
    void run() throws IOException, InterruptedException, RemoteFault;
  }

  FleetWatch(Tail tail) {
    thread = Thread.ofPlatform().daemon().name("tail").unstarted(() -> follow(tail));
  }

  private void follow(Tail tail) {
    try {
      tail.run();
      ending.complete(ExitCode.DONE);
    } catch (IOException e) {
      ending.complete(Output.writeFailure(e));
    } catch (RemoteFault e) {
      Words.say(e.getMessage());
      ending.complete(ExitCode.FAILURE);
    } catch (InterruptedException e) {
      ending.complete(ExitCode.DONE);
    } catch (RuntimeException | Error e) {
      ending.completeExceptionally(e);
    }
  }

  /// Runs until the source ends, the duration has passed or the reader of stdout is gone.
  ///
  /// @param duration null for no end
  /// @return the exit code
  int run(Duration duration) throws InterruptedException, ExecutionException {
    Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(this::stop));
    thread.start();
    return Waiting.await(ending, duration, thread::interrupt).orElse(ExitCode.DONE);
  }

  private void stop() {
    thread.interrupt();
    try {
      thread.join(FLUSH);
    } catch (InterruptedException e) {
      // The JVM exits anyway.
    }
  }
}
