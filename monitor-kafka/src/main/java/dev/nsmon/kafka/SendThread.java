package dev.nsmon.kafka;

import java.io.IOException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/// Hands records to a producer while the thread that has it do so fetches and encodes the next:
/// compressing them takes longer than either. An interrupt of that thread ends this one too, and
/// after a task that failed there is no other.
final class SendThread implements AutoCloseable {
  private static final int SECONDS_TO_END = 5;

  private final ExecutorService thread;

  /// Whether a task has failed: none may overtake it.
  private boolean failed;

  /// What is done there.
  interface Task {
    void run() throws IOException;
  }

  SendThread(String topic) {
    thread =
        Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("kafka-" + topic).factory());
  }

  /// Has it done after all that was asked for before, unless that failed.
  Future<?> submit(Task task) {
    return thread.submit(
        () -> {
          if (failed) {
            throw new IOException("what came before has failed");
          }
          failed = true;
          task.run();
          failed = false;
          return null;
        });
  }

  /// Waits until something has been done, or is known to have arrived.
  ///
  /// @throws IOException as the task threw it, or if interrupted; in both cases nothing more can be
  ///   done here
  void await(Future<?> done) throws IOException {
    try {
      done.get();
    } catch (InterruptedException e) {
      close();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } catch (CancellationException e) {
      throw new IOException("closed", e);
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case IOException failed -> throw new IOException(failed.getMessage(), failed);
        case RuntimeException bug -> throw bug;
        case Error bug -> throw bug;
        default -> throw new IllegalStateException(e.getCause());
      }
    }
  }

  /// Interrupts what is being done, and waits until it has ended.
  @Override
  public void close() {
    thread.shutdownNow();
    try {
      boolean _ = thread.awaitTermination(SECONDS_TO_END, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
