package dev.nsmon.kafka;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/// A thread that runs the send tasks of a Kafka sink in order. It compresses and sends one batch
/// while the caller fetches and encodes the next: compression takes longer than either.
///
/// After a task has failed, or the caller was interrupted in [#await], no further task runs.
final class SendThread implements AutoCloseable {
  private static final int SECONDS_TO_END = 5;

  private final ExecutorService thread;

  /// Completes exceptionally when no further task may run: with the exception of the first task
  /// that failed, or with an IOException by [#close]. Never reset.
  private final CompletableFuture<Void> ended = new CompletableFuture<>();

  /// A task for the thread.
  interface Task {
    void run() throws IOException;
  }

  SendThread(String topic) {
    thread =
        Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("kafka-" + topic).factory());
  }

  /// Runs the task after all earlier ones.
  ///
  /// @return completes when the task has succeeded; never if it, or one before it, fails
  CompletableFuture<?> submit(Task task) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    try {
      thread.execute(() -> run(task, done));
    } catch (RejectedExecutionException e) {
      // Closed: await reports that.
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

  /// Waits until the future completes or no further task can run.
  ///
  /// @param done a result of [#submit] or [Sending#arrived()]
  /// @throws IOException if a task failed with one, or after [#close] or an interrupt. A runtime
  ///   exception or an error of a task is thrown as it is. In all cases no further task will run.
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

  /// Interrupts the running task and waits up to 5 s for the thread to end.
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
