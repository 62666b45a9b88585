package dev.nsmon.kafka;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/// Hands records to a producer while the thread that has it do so fetches and encodes the next:
/// compressing them takes longer than either. It ends with an interrupt of that thread while it
/// waits here, and after a task that failed there is no other.
final class SendThread implements AutoCloseable {
  private static final int SECONDS_TO_END = 5;

  private final ExecutorService thread;

  /// Why a task has failed, which none may overtake; null if none has. The thread's own.
  private Throwable failure;

  /// What is done there.
  interface Task {
    void run() throws IOException;
  }

  /// A task, and whoever waits for it.
  private final class Work implements Runnable {
    private final Task task;
    private final CompletableFuture<Void> done = new CompletableFuture<>();

    Work(Task task) {
      this.task = task;
    }

    @Override
    public void run() {
      if (failure == null) {
        try {
          task.run();
        } catch (IOException | RuntimeException | Error e) {
          failure = e;
        }
      }
      if (failure == null) {
        done.complete(null);
      } else {
        done.completeExceptionally(failure);
      }
    }

    void drop() {
      done.completeExceptionally(new IOException("closed"));
    }
  }

  SendThread(String topic) {
    thread =
        Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("kafka-" + topic).factory());
  }

  /// Has it done after all that was asked for before, unless that failed.
  CompletableFuture<Void> submit(Task task) {
    Work work = new Work(task);
    try {
      thread.execute(work);
    } catch (RejectedExecutionException e) {
      work.drop();
    }
    return work.done;
  }

  /// Waits until something has been done, or is known to have arrived.
  ///
  /// @throws IOException as the task threw it, or if closed or interrupted; then nothing more can
  ///   be done here
  void await(Future<?> done) throws IOException {
    try {
      done.get();
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
    thread.shutdownNow().forEach(work -> ((Work) work).drop());
    try {
      boolean _ = thread.awaitTermination(SECONDS_TO_END, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
