package dev.nsmon.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/// `nsmon watch --from`: follows what is told elsewhere until stdout has had enough, or nobody
/// reads it.
final class FleetWatch {
  /// How long a signal waits for a write that is blocked.
  private static final Duration FLUSH = Duration.ofMillis(1500);

  private final CompletableFuture<Integer> ending = new CompletableFuture<>();
  private final Thread thread;

  /// What is followed; an interrupt ends it.
  interface Tail {
    /// Follows it to its end.
    ///
    /// @throws IOException if stdout can't be written to
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

  /// Runs it; the exit code.
  ///
  /// @param duration null for no end
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
      // The machine ends, and this with it.
    }
  }
}
