package dev.nsmon.kafka;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/// Hands records to a producer while the thread that has it do so fetches and encodes the next:
/// compressing them takes longer than either. It ends with an interrupt of that thread while it
/// waits here, and after a task that failed there is no other.
final class SendThread implements AutoCloseable {
  private static final int SECONDS_TO_END = 5;

  private final ExecutorService thread;

  /// Completes with why nothing more is done: a task has failed, which none may overtake, or it was
  /// closed.
  private final CompletableFuture<Void> ended = new CompletableFuture<>();

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
  CompletableFuture<?> submit(Task task) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    try {
      thread.execute(() -> run(task, done));
    } catch (RejectedExecutionException e) {
      // Closed, which whoever waits is told.
    }
    return done;
  }

  private void run(Task task, CompletableFuture<Void> done) {
    if (ended.isDone()) {
      return;
    }
    try {
      task.run();
      done.complete(null);
    } catch (IOException | RuntimeException | Error e) {
      ended.completeExceptionally(e);
    }
  }

  /// Waits until something has been done, or is known to have arrived.
  ///
  /// @param done never completes if nothing more is done
  /// @throws IOException as the task threw it, or if closed or interrupted; then nothing more can
  ///   be done here
  void await(CompletableFuture<?> done) throws IOException {
    try {
      CompletableFuture.anyOf(done, ended).get();
    } catch (InterruptedException e) {
      close();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
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
    ended.completeExceptionally(new IOException("closed"));
    thread.shutdownNow();
    try {
      boolean _ = thread.awaitTermination(SECONDS_TO_END, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
